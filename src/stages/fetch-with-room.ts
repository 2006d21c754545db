import type { StageContext } from '../flow/stage.ts';
import type { StoredObject } from '../ports.ts';

/** The memory that one fetch has reserved. */
export class Room {
  readonly #context: StageContext;
  #bytes = 0;
  #wanted = 0;

  constructor(context: StageContext) {
    this.#context = context;
  }

  /** Whether there is room for `bytes` in all; if not, `wait` waits for it. */
  has(bytes: number): boolean {
    this.#wanted = bytes;
    const missing = bytes - this.#bytes;
    if (missing > 0 && this.#context.tryReserve(missing) === undefined) return false;
    this.#bytes = Math.max(this.#bytes, bytes);
    return true;
  }

  async wait(): Promise<void> {
    await this.#context.reserve(this.#wanted - this.#bytes);
    this.#bytes = this.#wanted;
  }
}

/**
 * Opens the file of the job and reads it. `read` returns undefined where the room says that it has none: then
 * the object is closed while the job waits for memory, and opened anew, because a body that waits unread
 * counts as stalled.
 */
export async function fetchWithRoom<Result>(
  context: StageContext,
  read: (object: StoredObject, room: Room) => Promise<Result | undefined>,
): Promise<Result> {
  const { bucket, family, job, signal } = context;
  const room = new Room(context);
  for (;;) {
    const closing = new AbortController();
    const either = AbortSignal.any([signal, closing.signal]);
    const object = await bucket.open(bucket.keyOf(job.inputFileName), either);
    let result: Result | undefined;
    try {
      family.madeFrom(object.version ?? '');
      result = await read(object, room);
    } finally {
      // A body that was read to its end is closed, and leaves a connection that others may use.
      if (result === undefined) closing.abort();
    }
    if (result !== undefined) return result;
    await room.wait();
  }
}
