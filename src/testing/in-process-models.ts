import { channelPick } from '../adapters/model-server/tensors/copy-channels.ts';
import { KnownError } from '../errors.ts';
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
      .map(([name, image]) => {
        const pick = channelPick(image.shape, channels?.get(name));
        return [name, pick ? takeChannels({ image, channels: pick.channels }) : image] as const;
      });
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
