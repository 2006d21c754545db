import { KnownError } from '../../../errors.ts';
import { type NdArray, sizeOf } from '../../../imaging/array.ts';
import type { OutputMemory } from './output-memory.ts';

type Outputs = ReadonlyMap<string, NdArray<Float32Array>>;

/** Which rows of a reply belong where. */
export interface RowRange {
  /** Rows that the reply must have. */
  readonly of: number;
  /** First row in the reply. */
  readonly from: number;
  /** First row in the result. */
  readonly to: number;
  readonly rows: number;
}

/** Puts the rows of replies together, each copied once, into outputs `[rows, ...]` in shared memory. */
export class OutputGatherer {
  readonly #rows: number;
  readonly #memory: OutputMemory;
  readonly #outputs = new Map<string, NdArray<Float32Array>>();
  #missing: number;

  constructor(rows: number, memory: OutputMemory) {
    this.#rows = rows;
    this.#memory = memory;
    this.#missing = rows;
  }

  /** Outputs in the order of their names. */
  get outputs(): Outputs {
    return this.#outputs;
  }

  /** Copies rows of a reply; true when the result is complete. `model_mismatch` if the reply has another form. */
  copyRows(reply: Outputs, { of, from, to, rows }: RowRange): boolean {
    if (this.#outputs.size === 0) this.#allocate(reply);
    if (reply.size !== this.#outputs.size)
      throw mismatch(`outputs ${[...reply.keys()].join(', ')}`);
    for (const [name, { shape, data }] of reply) {
      const target = this.#outputs.get(name);
      const length = sizeOf(shape.slice(1));
      if (target === undefined || shape[0] !== of || length !== target.data.length / this.#rows) {
        throw mismatch(`output ${name} of shape [${shape.join(', ')}] for ${of} rows`);
      }
      target.data.set(data.subarray(from * length, (from + rows) * length), to * length);
    }
    this.#missing -= rows;
    return this.#missing === 0;
  }

  /** Copies a whole reply, whatever its first axis means. */
  copyAll(reply: Outputs): void {
    for (const [name, { shape, data }] of byName(reply)) {
      const copy = this.#memory.take(data.length);
      copy.set(data);
      this.#outputs.set(name, { shape, data: copy });
    }
  }

  /** Gives the memory of the outputs back; nobody may use them any more. */
  release(): void {
    for (const { data } of this.#outputs.values()) this.#memory.giveBack(data);
    this.#outputs.clear();
  }

  #allocate(reply: Outputs): void {
    for (const [name, { shape }] of byName(reply)) {
      const whole = [this.#rows, ...shape.slice(1)];
      this.#outputs.set(name, { shape: whole, data: this.#memory.take(sizeOf(whole)) });
    }
  }
}

/** Plain string comparison, as the Python consumer orders outputs. */
function byName(outputs: Outputs): [string, NdArray<Float32Array>][] {
  return [...outputs].sort(([a], [b]) => (a < b ? -1 : 1));
}

function mismatch(answer: string): KnownError {
  return new KnownError('model_mismatch', `The model does not answer row by row: ${answer}.`);
}
