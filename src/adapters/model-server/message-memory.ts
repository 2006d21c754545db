const GRAIN = 2 ** 20;

/**
 * Memory for large messages, used again and again: memory fresh from the system costs ten times the copy into it,
 * because each page must be found and cleared.
 */
export class MessageMemory {
  readonly #keptBytes: number;
  #free: Buffer[] = [];
  #freeBytes = 0;

  /** @param keptBytes bytes kept at most for messages to come */
  constructor({ keptBytes }: { readonly keptBytes: number }) {
    this.#keptBytes = keptBytes;
  }

  /** At least `length` bytes with anything in them; give them back when nobody reads them any more. */
  take(length: number): Buffer {
    const index = this.#free.findIndex((block) => fits(block, length));
    const [block] = index < 0 ? [] : this.#free.splice(index, 1);
    if (block === undefined) return Buffer.allocUnsafeSlow(roundUp(length));
    this.#freeBytes -= block.length;
    return block;
  }

  giveBack(block: Buffer): void {
    if (block.length < GRAIN || this.#freeBytes + block.length > this.#keptBytes) return;
    this.#free.push(block);
    this.#freeBytes += block.length;
  }
}

function fits(block: Buffer, length: number): boolean {
  return block.length >= length && block.length <= Math.max(2 * length, GRAIN);
}

function roundUp(length: number): number {
  return length < GRAIN / 4 ? length : Math.ceil(length / GRAIN) * GRAIN;
}
