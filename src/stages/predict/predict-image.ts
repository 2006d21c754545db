import { NOT_NEEDED } from '../../abort.ts';
import type { StageContext } from '../../flow/stage.ts';
import type { GiveBack } from '../../flow/stage.ts';
import type { Head } from '../../imaging/applications/application.ts';
import type { Image, NdArray } from '../../imaging/array.ts';
import { type PadMode, type TilePlan, planTiles } from '../../imaging/tiling/tiling.ts';
import { type Canvas, openCanvas } from '../../imaging/tiling/canvas.ts';
import type { ModelName, ModelSignature, Prediction, TensorInfo } from '../../ports.ts';
import {
  channelsToKeep,
  checkTileShape,
  chooseHeads,
  imageInput,
  outputsToAsk,
} from './model-fit.ts';
import { checkWholeNumbers } from './whole-numbers.ts';
import { canvasBytes, depthsOf, stripBytes } from './prediction-memory.ts';

/** What to predict of an image. */
export interface ImagePrediction {
  readonly model: ModelName;
  /** float32 `[batch, row, column, channel]`. */
  readonly image: Image;
  readonly padMode: PadMode;
  /** Share of a tile that the next one overlaps, 0 to 0.5; a quarter if absent. */
  readonly overlap?: number;
  readonly heads: readonly Head[] | 'all';
  /** How many outputs the model must have. */
  readonly outputs?: number;
  /** What a job may do if the model takes another number of channels, in a sentence. */
  readonly onMisfit?: string;
  /** Told how much is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

interface Predicted {
  /** The heads, in the order asked for: float32 `[batch, row, column, channel]`. */
  readonly heads: readonly Image[];
  readonly retries: number;
}

/**
 * What a strip of tiles may take, with its outputs: memory follows the strips in flight, not the whole of the
 * tiles.
 */
const STRIP_BYTES = 16 * 2 ** 20;
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
  const input = imageInput(model, image.shape, signature, wanted.onMisfit);
  checkWholeNumbers(model, input, image.data);
  const [, height = -1, width = -1] = input.shape ?? [];
  const { padMode, overlap } = wanted;
  const strideRatio = overlap === undefined ? undefined : 1 - overlap;
  const plan = planTiles(image.shape, [height, width], padMode, strideRatio);
  const kept = channelsToKeep(wanted.heads, signature);
  const depths = depthsOf(wanted.heads, signature, kept);
  const prediction = { wanted, signature, input, plan, depths, kept };
  const run = new StripRun({ ...context, signal }, prediction);
  try {
    return await run.all();
  } finally {
    giveUp.abort(NOT_NEEDED);
  }
}

interface Run {
  readonly wanted: ImagePrediction;
  readonly signature: ModelSignature;
  readonly input: TensorInfo;
  readonly plan: TilePlan;
  readonly depths: ReturnType<typeof depthsOf>;
  /** Channels that are gathered, by the names of the outputs. */
  readonly kept: ReturnType<typeof channelsToKeep>;
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
    const { wanted } = this.#run;
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
  async #roomFor({ firstRow, rowCount }: Strip, inFlight: Promise<void>[]): Promise<GiveBack> {
    const { plan, depths } = this.#run;
    const bytes = stripBytes(plan, rowCount, depths);
    // The canvases stay. Without a strip they would only keep memory from other jobs.
    if (firstRow === 0) return this.#context.reserve(bytes, canvasBytes(plan, depths));
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
    const { wanted, plan, input, signature, kept } = this.#run;
    const tiles = await compute.run('cutTiles', { image: wanted.image, plan, ...strip }, signal);
    const names = outputsToAsk(wanted, signature);
    const prediction = await models.predict({
      model: wanted.model,
      inputs: { [input.name]: tiles },
      ...(names && { outputs: names }),
      channels: kept,
      job: job.key,
      queue: job.queue,
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
    const { plan, wanted, signature, kept } = this.#run;
    const chosen = chooseHeads({ ...wanted, kept }, outputs, signature);
    this.#canvases ??= chosen.map(({ array, channels }) => {
      checkTileShape(array, [plan.rows.tile, plan.columns.tile]);
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
