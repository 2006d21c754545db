import { KnownError } from '../../errors.ts';
import type { StageContext } from '../../flow/stage.ts';
import type { GiveBack } from '../../flow/stage-memory.ts';
import type { Head } from '../../imaging/applications/application.ts';
import type { Image, NdArray } from '../../imaging/array.ts';
import { type PadMode, type TilePlan, planTiles } from '../../imaging/tiling/tiling.ts';
import { type Canvas, openCanvas } from '../../imaging/tiling/untiling.ts';
import type { ModelName, ModelSignature, Prediction, TensorInfo } from '../../ports.ts';
import { canvasBytes, depthsOf, stripBytes } from './prediction-memory.ts';

/** What to predict of an image. */
export interface ImagePrediction {
  readonly model: ModelName;
  /** float32 `[batch, row, column, channel]`. */
  readonly image: Image;
  readonly padMode: PadMode;
  readonly heads: readonly Head[] | 'all';
  /** How many outputs the model must have. */
  readonly outputs?: number;
  /** Told how much is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

interface Predicted {
  /** The heads, in the order asked for: float32 `[batch, row, column, channel]`. */
  readonly heads: readonly Image[];
  readonly retries: number;
}

/** What a strip of tiles may take, with its outputs: memory follows the strips in flight, not the whole of the tiles. */
const STRIP_BYTES = 24 * 2 ** 20;
const STRIPS_IN_FLIGHT = 3;

/** Cuts an image into tiles, runs a model on them a strip at a time, and puts its outputs together again. */
export async function predictImage(
  wanted: ImagePrediction,
  context: StageContext,
): Promise<Predicted> {
  const { model, image } = wanted;
  const giveUp = new AbortController();
  const signal = AbortSignal.any([context.signal, giveUp.signal]);
  const signature = await context.models.signature(model, signal);
  const input = imageInput(wanted, signature);
  const [, height = -1, width = -1] = input.shape;
  const plan = planTiles(image.shape, [height, width], wanted.padMode);
  const depths = depthsOf(wanted.heads, signature);
  const run = new StripRun({ ...context, signal }, { wanted, signature, input, plan, depths });
  try {
    return await run.all();
  } finally {
    giveUp.abort();
  }
}

interface Run {
  readonly wanted: ImagePrediction;
  readonly signature: ModelSignature;
  readonly input: TensorInfo;
  readonly plan: TilePlan;
  readonly depths: ReturnType<typeof depthsOf>;
}

interface Strip {
  readonly firstRow: number;
  readonly rowCount: number;
}

class StripRun {
  readonly #context: StageContext;
  readonly #run: Run;
  #canvases: readonly Canvas[] | undefined;
  #retries = 0;

  constructor(context: StageContext, run: Run) {
    this.#context = context;
    this.#run = run;
  }

  /** A few strips are predicted at a time, as memory allows; they are put onto the canvas in order. */
  async all(): Promise<Predicted> {
    const { plan, depths, wanted } = this.#run;
    await this.#context.reserve(canvasBytes(plan, depths));
    const strips = stripsOf(this.#run);
    const inFlight: Promise<void>[] = [];
    let blended = Promise.resolve();
    for (const [index, strip] of strips.entries()) {
      const giveBack = await this.#roomFor(strip, inFlight);
      const before = blended;
      const predicted = this.#predict(strip);
      predicted.catch(() => undefined);
      blended = before.then(async () => {
        const { outputs, release } = await predicted;
        await this.#blend(strip, outputs);
        release?.();
        giveBack();
        wanted.onProgress?.((index + 1) / strips.length);
      });
      blended.catch(() => undefined);
      inFlight.push(blended);
    }
    await blended;
    return { heads: this.#heads(), retries: this.#retries };
  }

  /** Waits for memory only while no strip is in flight: those that are give theirs back. */
  async #roomFor({ rowCount }: Strip, inFlight: Promise<void>[]): Promise<GiveBack> {
    const { plan, depths } = this.#run;
    const bytes = stripBytes(plan, rowCount, depths);
    while (inFlight.length > 0) {
      const giveBack =
        inFlight.length < STRIPS_IN_FLIGHT ? this.#context.tryReserve(bytes) : undefined;
      if (giveBack !== undefined) return giveBack;
      await inFlight.shift();
    }
    return this.#context.reserve(bytes);
  }

  async #predict(strip: Strip): Promise<Prediction> {
    const { compute, models, job, signal, moved } = this.#context;
    const { wanted, plan, input, signature } = this.#run;
    const tiles = await compute.run('cutTiles', { image: wanted.image, plan, ...strip }, signal);
    const names = wantedOutputs(wanted.heads, signature);
    const prediction = await models.predict({
      model: wanted.model,
      inputs: { [input.name]: tiles },
      ...(names && { outputs: names }),
      job: job.key,
      splittable: true,
      signal,
    });
    this.#retries += prediction.retries;
    moved('out', tiles.data.byteLength);
    moved('in', bytesOf(prediction));
    return prediction;
  }

  async #blend(strip: Strip, outputs: ReadonlyMap<string, NdArray<Float32Array>>): Promise<void> {
    const { compute, signal } = this.#context;
    const { plan, wanted, signature } = this.#run;
    const chosen = chooseHeads(wanted, outputs, signature);
    this.#canvases ??= chosen.map(({ array, channels }) => {
      checkTileShape(array, plan);
      const depth = array.shape.at(-1) ?? 1;
      return openCanvas(plan, depth, channels ?? Array.from({ length: depth }, (_, c) => c));
    });
    const canvases = this.#canvases;
    await Promise.all(
      chosen.map(({ array: { data } }, index) => {
        const canvas = canvases[index];
        return canvas && compute.run('blendTiles', { plan, canvas, ...strip, tiles: data }, signal);
      }),
    );
  }

  #heads(): Image[] {
    const { batches, rows, columns } = this.#run.plan;
    return (this.#canvases ?? []).map(({ data, channels }) => ({
      shape: [batches, rows.length, columns.length, channels.length],
      data,
    }));
  }
}

function bytesOf({ outputs }: Prediction): number {
  return outputs.values().reduce((sum, { data }) => sum + data.byteLength, 0);
}

/** Whole rows of tiles, as many as fit into the bytes of a strip. */
function stripsOf({ plan, depths }: Run): Strip[] {
  const atATime = Math.max(1, Math.floor(STRIP_BYTES / stripBytes(plan, 1, depths)));
  const total = plan.batches * plan.rows.count;
  return Array.from({ length: Math.ceil(total / atATime) }, (_, index) => ({
    firstRow: index * atATime,
    rowCount: Math.min(atATime, total - index * atATime),
  }));
}

/** The one input of the model, checked against the image in the words of the reference. */
function imageInput({ model, image }: ImagePrediction, { inputs }: ModelSignature): TensorInfo {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) {
    throw new KnownError(
      'model_mismatch',
      `Model ${model.name}:${model.version} has ${inputs.length} inputs; one image is expected.`,
    );
  }
  const rank = input.shape.length;
  if (image.shape.length !== rank) {
    throw new KnownError(
      'wrong_dimensions',
      `Input data must have ${rank} dimensions. Input data only has ${image.shape.length} dimensions`,
    );
  }
  const channels = input.shape.at(-1) ?? -1;
  const given = image.shape.at(-1) ?? 0;
  if (channels > 0 && given !== channels) {
    throw new KnownError(
      'wrong_dimensions',
      `Input data must have ${channels} channels. Input data only has ${given} channels`,
    );
  }
  return input;
}

/** The names to ask for, if the server has told them; else all are sent. */
function wantedOutputs(
  heads: readonly Head[] | 'all',
  { outputs }: ModelSignature,
): string[] | undefined {
  if (heads === 'all' || outputs.length === 0) return undefined;
  const names = heads.map(({ output }) => outputs.at(output)?.name);
  return [...new Set(names)].filter((name) => name !== undefined);
}

interface ChosenHead {
  readonly array: NdArray<Float32Array>;
  readonly channels: readonly number[] | undefined;
}

function chooseHeads(
  { heads, outputs: expected, model }: ImagePrediction,
  replied: ReadonlyMap<string, NdArray<Float32Array>>,
  signature: ModelSignature,
): ChosenHead[] {
  const known = signature.outputs.map(({ name }) => name);
  const names = known.length > 0 ? known : [...replied.keys()];
  if (expected !== undefined && names.length !== expected) {
    throw new KnownError(
      'model_mismatch',
      `output_list was length ${names.length}, expecting length ${expected}`,
    );
  }
  const all = heads === 'all' ? names.map((_, output): Head => ({ output })) : heads;
  return all.map(({ output, channels }) => {
    const array = replied.get(names.at(output) ?? '');
    const missing = channels?.find((channel) => channel >= (array?.shape.at(-1) ?? 0));
    if (array !== undefined && missing === undefined) return { array, channels };
    throw new KnownError(
      'model_mismatch',
      `Model ${model.name}:${model.version} lacks output ${output}${missing === undefined ? '' : `, channel ${missing}`}; it has ${names.join(', ')}.`,
    );
  });
}

function checkTileShape({ shape }: NdArray<Float32Array>, { rows, columns }: TilePlan): void {
  if (shape.length === 4 && shape[1] === rows.tile && shape[2] === columns.tile) return;
  throw new KnownError(
    'model_mismatch',
    `The model made outputs of shape ${shape.slice(1).join(' × ')} of tiles of ${rows.tile} × ${columns.tile}; they must have the same rows and columns.`,
  );
}
