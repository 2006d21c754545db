import { KnownError } from '../errors.ts';
import type { NdArray } from '../imaging/array.ts';
import { takeChannels } from '../imaging/axes.ts';
import type { ServedModel } from '../stand-in-server/served-model.ts';
import type {
  ModelName,
  ModelServer,
  ModelSignature,
  Prediction,
  PredictRequest,
} from '../ports.ts';

/** Serves models in this process: no network, no batches across jobs, no retries. */
export class InProcessModels implements ModelServer {
  readonly #models: readonly ServedModel[];

  /** Of two models of the same name and version the first is served. */
  constructor(...models: readonly ServedModel[]) {
    this.#models = models;
  }

  async signature(model: ModelName): Promise<ModelSignature> {
    const { inputs, outputs } = this.#find(model);
    return { inputs, outputs };
  }

  async predict(request: PredictRequest): Promise<Prediction> {
    const { model, inputs, outputs: wanted, channels, signal } = request;
    signal.throwIfAborted();
    const outputs = await this.#find(model).predict(new Map(Object.entries(inputs)));
    const sorted = [...outputs]
      .filter(([name]) => wanted === undefined || wanted.includes(name))
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, output]) => [name, withChannels(output, channels?.get(name))] as const);
    return { outputs: new Map(sorted), retries: 0 };
  }

  problem(): undefined {}

  async close(): Promise<void> {}

  #find({ name, version }: ModelName): ServedModel {
    const found = this.#models.find((one) => one.name === name && one.version === version);
    if (found !== undefined) return found;
    const known = this.#models.map((one) => `${one.name}:${one.version}`).join(', ');
    const message = `There is no model ${name}:${version}; served are ${known || 'none'}.`;
    throw new KnownError('unknown_model', message);
  }
}

/** An output `[tile, row, column, channel]` with some of its channels. */
function withChannels(
  image: NdArray<Float32Array>,
  wanted: readonly number[] | undefined,
): NdArray<Float32Array> {
  const [, , , depth] = image.shape;
  if (depth === undefined || image.shape.length > 4 || wanted === undefined) return image;
  return takeChannels({ image, channels: wanted.filter((channel) => channel < depth) });
}
