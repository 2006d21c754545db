import { KnownError } from '../../../../errors.ts';
import { type NdArray, sizeOf } from '../../../../imaging/array.ts';
import type { PredictRequest } from '../../../../ports.ts';
import { copyBytes } from '../../../../imaging/shared-memory.ts';
import { type ChannelPick, channelPick, copyChannels } from '../../tensors/copy-channels.ts';
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

/** An output that is put together. */
interface Gathered {
  /** As it is kept. */
  readonly output: NdArray<Float32Array>;
  /** Its shape as it comes. */
  readonly whole: readonly number[];
  /** The channels that are kept; undefined for all. */
  readonly pick: ChannelPick | undefined;
}

/**
 * Puts the rows of replies together, each copied once, into outputs `[rows, ...]` in shared memory, without the
 * channels that nobody looks at.
 */
export class OutputGatherer {
  readonly #rows: number;
  readonly #memory: OutputMemory;
  readonly #channels: PredictRequest['channels'];
  readonly #gathered = new Map<string, Gathered>();
  #missing: number;

  constructor(rows: number, memory: OutputMemory, channels?: PredictRequest['channels']) {
    this.#rows = rows;
    this.#memory = memory;
    this.#channels = channels;
    this.#missing = rows;
  }

  /** Outputs in the order of their names. */
  get outputs(): Outputs {
    return new Map([...this.#gathered].map(([name, { output }]) => [name, output]));
  }

  /** Copies rows of a reply; true when the result is complete. `model_mismatch` if the reply has another form. */
  copyRows(reply: Reply, { of, from, to, rows }: RowRange): boolean {
    if (this.#gathered.size === 0) this.#allocate(reply, this.#rows);
    if (reply.size !== this.#gathered.size)
      throw mismatch(`outputs ${[...reply.keys()].join(', ')}`);
    for (const [name, { shape, bytes }] of reply) {
      const gathered = this.#gathered.get(name);
      const row = shape.slice(1);
      if (gathered === undefined || shape[0] !== of || !isSame(row, gathered.whole.slice(1))) {
        throw mismatch(`output ${name} of shape [${shape.join(', ')}] for ${of} rows`);
      }
      const size = sizeOf(row) * Float32Array.BYTES_PER_ELEMENT;
      copy(bytes.subarray(from * size, (from + rows) * size), gathered, to);
    }
    this.#missing -= rows;
    return this.#missing === 0;
  }

  /** Copies a whole reply, whatever its first axis means. */
  copyAll(reply: Reply): void {
    this.#allocate(reply);
    for (const [name, gathered] of this.#gathered) {
      const bytes = reply.get(name)?.bytes;
      if (bytes !== undefined) copy(bytes, gathered, 0);
    }
  }

  /** Gives the memory of the outputs back; nobody may use them any more. */
  release(): void {
    for (const { output } of this.#gathered.values()) this.#memory.giveBack(output.data);
    this.#gathered.clear();
  }

  /** Makes room for outputs of `rows` rows; of as many as the reply has if absent. */
  #allocate(reply: Reply, rows?: number): void {
    for (const [name, { shape }] of byName(reply)) {
      const whole = rows === undefined ? shape : [rows, ...shape.slice(1)];
      const pick = channelPick(whole, this.#channels?.get(name));
      const kept = pick === undefined ? whole : [...whole.slice(0, -1), pick.channels.length];
      const output = { shape: kept, data: this.#memory.take(sizeOf(kept)) };
      this.#gathered.set(name, { output, whole, pick });
    }
  }
}

/** Copies rows as they came, the first of them to a row of the output. */
function copy(rows: Uint8Array, { output, pick }: Gathered, to: number): void {
  const first = to * sizeOf(output.shape.slice(1));
  if (pick !== undefined) copyChannels(rows, pick, output.data, first);
  else copyBytes(rows, output.data, first * Float32Array.BYTES_PER_ELEMENT);
}

function isSame(shape: readonly number[], other: readonly number[]): boolean {
  return shape.length === other.length && shape.every((length, axis) => length === other[axis]);
}

/** Plain string comparison, as the Python consumer orders outputs. */
function byName(reply: Reply): [string, ReplyTensor][] {
  return [...reply].sort(([a], [b]) => (a < b ? -1 : 1));
}

function mismatch(answer: string): KnownError {
  return new KnownError('model_mismatch', `The model does not answer row by row: ${answer}.`);
}
