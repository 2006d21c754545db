import { type KnownError, classify } from '../../errors.ts';
import { inputChanged } from '../../flow/input-version.ts';
import type { ByteSource } from '../../formats/archive/byte-source.ts';
import type { Bucket } from '../../ports.ts';

interface Opening {
  readonly bucket: Bucket;
  /** Repeats an attempt while the bucket is unavailable. */
  readonly persist: <Result>(attempt: () => Promise<Result>) => Promise<Result>;
  readonly signal: AbortSignal;
  /** Bytes that are requested at a time. */
  readonly blockBytes?: number;
  /** Blocks that are kept. */
  readonly blocksKept?: number;
}

const BLOCK_BYTES = 2 * 2 ** 20;
const BLOCKS_KEPT = 16;

/** Memory that a source takes at most, whatever the size of its object. */
export const SOURCE_BYTES = BLOCK_BYTES * BLOCKS_KEPT;

/**
 * An object in a bucket that can be read from any place, in blocks of which the last used are kept. A block
 * that could not be read is requested again, alone. Throws `input_changed` if the object is overwritten
 * or removed meanwhile.
 */
export async function openObjectSource(key: string, opening: Opening): Promise<ObjectSource> {
  const blocks = new ObjectBlocks(key, opening);
  const { size, version } = await blocks.first();
  return { size, version, read: (start, end) => blocks.read(start, end) };
}

interface ObjectSource extends ByteSource {
  /** That of the object; empty where the store cannot tell. */
  readonly version: string;
}

class ObjectBlocks {
  readonly #key: string;
  readonly #opening: Opening;
  readonly #blockBytes: number;
  /** By index, the one used last at the end. */
  readonly #blocks = new Map<number, Promise<Uint8Array>>();
  #version: string | undefined;
  #size = 0;

  constructor(key: string, opening: Opening) {
    this.#key = key;
    this.#opening = opening;
    this.#blockBytes = opening.blockBytes ?? BLOCK_BYTES;
  }

  /** The size and the version of the object, which come with its first block. */
  async first(): Promise<{ readonly size: number; readonly version: string }> {
    await this.#block(0);
    return { size: this.#size, version: this.#version ?? '' };
  }

  read(start: number, end: number): Promise<Uint8Array> {
    const [first, last] = [this.#indexOf(start), this.#indexOf(Math.max(start, end - 1))];
    const readsOn = this.#blocks.has(first - 1);
    const bytes = first === last ? this.#part(first, start, end) : this.#parts(start, end);
    if (readsOn) this.#readAhead(last + 1);
    return bytes;
  }

  async #parts(start: number, end: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - start);
    for (let from = start; from < end;) {
      const index = this.#indexOf(from);
      const to = Math.min(end, (index + 1) * this.#blockBytes);
      bytes.set(await this.#part(index, from, to), from - start);
      from = to;
    }
    return bytes;
  }

  #indexOf(place: number): number {
    return Math.floor(place / this.#blockBytes);
  }

  async #part(index: number, start: number, end: number): Promise<Uint8Array> {
    const block = await this.#block(index);
    const from = index * this.#blockBytes;
    return block.subarray(start - from, end - from);
  }

  #readAhead(index: number): void {
    if (index * this.#blockBytes < this.#size) this.#block(index).catch(() => undefined);
  }

  #block(index: number): Promise<Uint8Array> {
    const block = this.#blocks.get(index) ?? this.#fetch(index);
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    const [oldest = index] = this.#blocks.keys();
    if (this.#blocks.size > (this.#opening.blocksKept ?? BLOCKS_KEPT)) this.#blocks.delete(oldest);
    return block;
  }

  #fetch(index: number): Promise<Uint8Array> {
    const block = this.#opening.persist(() => this.#request(index));
    block.catch(() => {
      if (this.#blocks.get(index) === block) this.#blocks.delete(index);
    });
    return block;
  }

  async #request(index: number): Promise<Uint8Array> {
    const { bucket, signal } = this.#opening;
    const start = index * this.#blockBytes;
    const range = { start, end: start + this.#blockBytes };
    const opened = bucket.openRange(this.#key, range, signal);
    const { total, version, body } = await opened.catch((thrown: unknown) => {
      throw this.#whyGone(classify(thrown));
    });
    this.#checkUnchanged(version, total);
    const block = new Uint8Array(Math.min(range.end, total) - start);
    let filled = 0;
    for await (const chunk of body) {
      block.set(chunk.subarray(0, block.length - filled), filled);
      filled += chunk.length;
    }
    return block;
  }

  /** An object that was there, and has bytes in this range no longer, is gone or is a shorter one now. */
  #whyGone(error: KnownError): KnownError {
    const wasThere = this.#version !== undefined && error.code === 'missing_object';
    return wasThere ? inputChanged(this.#key, 'replaced or removed') : error;
  }

  #checkUnchanged(version: string, size: number): void {
    if (this.#version === undefined) {
      this.#version = version;
      this.#size = size;
    }
    if (this.#version === version && this.#size === size) return;
    throw inputChanged(this.#key);
  }
}
