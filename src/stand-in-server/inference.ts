import type { TensorInfo } from '../ports.ts';
import type { BatchSlots } from './batch-slots.ts';
import { invalid, notFound } from './call-failure.ts';
import type { Faults } from './faults.ts';
import type { ServedModel, Tensors } from './served-model.ts';
import type { Statistics } from './statistics.ts';

interface InferenceOptions {
  readonly models: readonly ServedModel[];
  /** Rows of a batch at most. */
  readonly maxBatchSize: number;
  readonly slots: BatchSlots;
  readonly faults: Faults;
  readonly statistics: Statistics;
}

/** A model by its name; the newest version if none is given. */
export interface Wanted {
  readonly name: string;
  readonly version?: number | undefined;
}

/** What both protocols do: find the model, check the inputs, compute when it is the batch's turn. */
export class Inference {
  readonly #options: InferenceOptions;

  constructor(options: InferenceOptions) {
    this.#options = options;
  }

  find({ name, version }: Wanted): ServedModel {
    const found = this.#options.models
      .filter((model) => model.name === name && (version ?? model.version) === model.version)
      .toSorted((one, other) => other.version - one.version)[0];
    if (found !== undefined) return found;
    const asked = version === undefined ? `Latest(${name})` : `Specific(${name}, ${version})`;
    throw notFound(`Servable not found for request: ${asked}`);
  }

  versions(name: string): number[] {
    const versions = this.#options.models.filter((model) => model.name === name);
    if (versions.length > 0) return versions.map(({ version }) => version);
    throw notFound(`Could not find any versions of model ${name}`);
  }

  /** Computes the outputs named, or all if none is. */
  async predict(model: ServedModel, inputs: Tensors, outputs: readonly string[]): Promise<Tensors> {
    const { slots, faults, statistics, maxBatchSize } = this.#options;
    const rows = checkInputs(model, inputs);
    checkOutputs(model, outputs);
    if (rows > maxBatchSize) {
      throw invalid(`Task size ${rows} is larger than maximum input batch size ${maxBatchSize}`);
    }
    return statistics.around({ rows }, () =>
      slots.run(async () => {
        await faults.befall(rows, model.name);
        const all = await model.predict(inputs);
        return outputs.length === 0 ? all : pick(all, outputs);
      }),
    );
  }
}

/** The number of rows, the same in all inputs. */
function checkInputs(model: ServedModel, inputs: Tensors): number {
  const missing = model.inputs.filter(({ name }) => !inputs.has(name));
  if (missing.length > 0 || inputs.size !== model.inputs.length) {
    throw invalid(
      `input size does not match signature: ${inputs.size}!=${model.inputs.length}. ` +
        `Missing but required: {${missing.map(({ name }) => name).join(',')}}.`,
    );
  }
  const counts = model.inputs.map((info) => {
    const shape = inputs.get(info.name)?.shape ?? [];
    return model.acceptsAnySize === true ? (shape[0] ?? 1) : checkShape(info, shape);
  });
  const [rows = 0] = counts;
  if (counts.every((count) => count === rows)) return rows;
  throw invalid(
    `Batching input tensors supplied have unequal 0th-dimension sizes: ${counts.join()}`,
  );
}

function checkShape({ name, shape: wanted }: TensorInfo, shape: readonly number[]): number {
  const fits =
    wanted === undefined ||
    (shape.length === wanted.length &&
      wanted.every((axis, index) => axis < 0 || axis === shape[index]));
  if (fits) return shape[0] ?? 1;
  throw invalid(`Input ${name} has shape [${shape.join()}], expected [${wanted.join()}]`);
}

function checkOutputs({ outputs }: ServedModel, wanted: readonly string[]): void {
  const known = outputs.map(({ name }) => name);
  const strange = wanted.find((name) => !known.includes(name));
  if (strange === undefined) return;
  throw invalid(
    `output tensor alias not found in signature: ${strange} ` +
      `Outputs expected to be in the set {${known.join(',')}}.`,
  );
}

function pick(tensors: Tensors, names: readonly string[]): Tensors {
  return new Map(Array.from(tensors).filter(([name]) => names.includes(name)));
}
