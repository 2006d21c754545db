/** Sizes are rounded up to this, so that blocks fit again. */
const GRAIN = 2 ** 16;

/**
 * Shared memory for outputs, used again and again: memory fresh from the system costs ten times the copy into it,
 * because each page must be found and cleared.
 */
export class OutputMemory {
  readonly #keptBytes: number;
  #free: SharedArrayBuffer[] = [];
  #freeBytes = 0;

  /** @param keptBytes bytes kept at most for outputs to come */
  constructor({ keptBytes }: { readonly keptBytes: number }) {
    this.#keptBytes = keptBytes;
  }

  /** So many float32 elements with anything in them. */
  take(length: number): Float32Array {
    const bytes = length * Float32Array.BYTES_PER_ELEMENT;
    const index = this.#free.findIndex(
      ({ byteLength }) => byteLength >= bytes && byteLength <= Math.max(2 * bytes, GRAIN),
    );
    const [block] = index < 0 ? [] : this.#free.splice(index, 1);
    this.#freeBytes -= block?.byteLength ?? 0;
    return new Float32Array(block ?? new SharedArrayBuffer(roundUp(bytes)), 0, length);
  }

  /** Takes memory back that `take` gave and nobody uses any more. */
  giveBack({ buffer }: Float32Array): void {
    if (!(buffer instanceof SharedArrayBuffer)) return;
    if (buffer.byteLength < GRAIN || this.#freeBytes + buffer.byteLength > this.#keptBytes) return;
    this.#free.push(buffer);
    this.#freeBytes += buffer.byteLength;
  }
}

function roundUp(bytes: number): number {
  return bytes < GRAIN / 4 ? bytes : Math.ceil(bytes / GRAIN) * GRAIN;
}
