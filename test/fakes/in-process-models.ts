import { KnownError } from '../../src/errors.ts';
import type { NdArray } from '../../src/imaging/array.ts';
import type { ServedModel } from '../../src/stand-in-server/served-model.ts';
import type {
  ModelName,
  ModelServer,
  ModelSignature,
  Prediction,
  PredictRequest,
} from '../../src/ports.ts';

/** Serves models without a network, and keeps what it was asked. */
export class InProcessModels implements ModelServer {
  readonly requests: Readonly<Record<string, NdArray<Float32Array>>>[] = [];
  readonly #models: readonly ServedModel[];

  constructor(...models: readonly ServedModel[]) {
    this.#models = models;
  }

  async signature(model: ModelName): Promise<ModelSignature> {
    const { inputs, outputs } = this.#find(model);
    return { inputs, outputs };
  }

  async predict({ model, inputs, outputs: wanted }: PredictRequest): Promise<Prediction> {
    this.requests.push(inputs);
    const outputs = await this.#find(model).predict(new Map(Object.entries(inputs)));
    const sorted = [...outputs]
      .filter(([name]) => wanted === undefined || wanted.includes(name))
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
    return { outputs: new Map(sorted), retries: 0 };
  }

  problem(): undefined {}

  async close(): Promise<void> {}

  #find({ name, version }: ModelName): ServedModel {
    const found = this.#models.find((one) => one.name === name && one.version === version);
    if (found === undefined) throw new KnownError('unknown_model', `No model ${name}:${version}.`);
    return found;
  }
}
