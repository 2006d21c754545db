import { allocateShared } from '../../../../imaging/shared-memory.ts';

/** Smallest block. */
const LEAST_BYTES = 4096;
/** Sizes of blocks in an octave: a block is at most an eighth too large. */
const STEPS = 8;

/**
 * Shared memory for outputs, used again and again: memory fresh from the system costs ten times the copy into it,
 * because each page must be found and cleared. Blocks come in sizes, so that one fits again.
 */
export class OutputMemory {
  readonly #keptBytes: number;
  readonly #free = new Map<number, SharedArrayBuffer[]>();
  #freeBytes = 0;

  /** @param keptBytes bytes kept at most for outputs to come */
  constructor({ keptBytes }: { readonly keptBytes: number }) {
    this.#keptBytes = keptBytes;
  }

  /** So many float32 elements with anything in them. */
  take(length: number): Float32Array {
    const size = blockSize(length * Float32Array.BYTES_PER_ELEMENT);
    const block = this.#free.get(size)?.pop();
    if (block === undefined) return new Float32Array(allocateShared(size), 0, length);
    this.#freeBytes -= size;
    return new Float32Array(block, 0, length);
  }

  /** Takes memory back that `take` gave and nobody uses any more. */
  giveBack({ buffer }: Float32Array): void {
    if (!(buffer instanceof SharedArrayBuffer)) return;
    const { byteLength } = buffer;
    if (byteLength > this.#keptBytes) return;
    if (this.#freeBytes + byteLength > this.#keptBytes) this.release();
    const blocks = this.#free.get(byteLength) ?? [];
    this.#free.set(byteLength, blocks);
    blocks.push(buffer);
    this.#freeBytes += byteLength;
  }

  /** Lets all blocks go that nobody uses: also, they may be of sizes that nobody asks for any more. */
  release(): void {
    this.#free.clear();
    this.#freeBytes = 0;
  }
}

/** Bytes rounded up to the next eighth of an octave. */
function blockSize(bytes: number): number {
  const step = 2 ** Math.floor(Math.log2(Math.max(LEAST_BYTES, bytes))) / STEPS;
  return Math.max(LEAST_BYTES, Math.ceil(bytes / step) * step);
}
