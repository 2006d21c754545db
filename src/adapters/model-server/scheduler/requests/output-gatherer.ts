import { KnownError } from '../../../../errors.ts';
import { type NdArray, sizeOf } from '../../../../imaging/array.ts';
import { copyBytes } from '../../tensors/copy-bytes.ts';
import type { BatchReply, ReplyTensor } from '../../endpoint.ts';
import type { OutputMemory } from './output-memory.ts';

type Outputs = ReadonlyMap<string, NdArray<Float32Array>>;
type Reply = BatchReply['outputs'];

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
  #outputs = new Map<string, NdArray<Float32Array>>();
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
  copyRows(reply: Reply, { of, from, to, rows }: RowRange): boolean {
    if (this.#outputs.size === 0) this.#allocate(reply);
    if (reply.size !== this.#outputs.size)
      throw mismatch(`outputs ${[...reply.keys()].join(', ')}`);
    for (const [name, { shape, bytes }] of reply) {
      const target = this.#outputs.get(name);
      const length = sizeOf(shape.slice(1));
      if (target === undefined || shape[0] !== of || length !== target.data.length / this.#rows) {
        throw mismatch(`output ${name} of shape [${shape.join(', ')}] for ${of} rows`);
      }
      const size = length * Float32Array.BYTES_PER_ELEMENT;
      copyBytes(bytes.subarray(from * size, (from + rows) * size), target.data, to * size);
    }
    this.#missing -= rows;
    return this.#missing === 0;
  }

  /** Copies a whole reply, whatever its first axis means. */
  copyAll(reply: Reply): void {
    for (const [name, { shape, bytes }] of byName(reply)) {
      const copy = this.#memory.take(sizeOf(shape));
      copyBytes(bytes, copy);
      this.#outputs.set(name, { shape, data: copy });
    }
  }

  /** Gives the memory of the outputs back; nobody may use them any more. */
  release(): void {
    for (const { data } of this.#outputs.values()) this.#memory.giveBack(data);
    this.#outputs = new Map();
  }

  #allocate(reply: Reply): void {
    for (const [name, { shape }] of byName(reply)) {
      const whole = [this.#rows, ...shape.slice(1)];
      this.#outputs.set(name, { shape: whole, data: this.#memory.take(sizeOf(whole)) });
    }
  }
}

/** Plain string comparison, as the Python consumer orders outputs. */
function byName(reply: Reply): [string, ReplyTensor][] {
  return [...reply].sort(([a], [b]) => (a < b ? -1 : 1));
}

function mismatch(answer: string): KnownError {
  return new KnownError('model_mismatch', `The model does not answer row by row: ${answer}.`);
}
