import { KnownError } from '../errors.ts';
import { type StageContext, defineStage } from '../flow/stage.ts';
import { sharedBytes } from '../imaging/array.ts';
import type { StoredObject } from '../ports.ts';

/** Fetches the file of the job into shared memory, so that the decoder on another thread reads it in place. */
export const download = defineStage({
  name: 'download',
  concurrency: 8,
  needs: [],
  adds: ['file'],
  timing: 'download_time',
  retry: 'unavailable',
  remote: 'bucket_read',
  footprint: () => 0,
  run: async (_: object, context) => {
    const room = new Room(context);
    for (;;) {
      const file = await fetchInto(room, context);
      if (file !== undefined) {
        context.moved('in', file.length);
        return { file };
      }
      await room.wait();
    }
  },
});

/** Room for a file whose size the store does not tell. */
const FIRST_GUESS = 2 ** 20;

/** The memory that a download has reserved. */
class Room {
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
 * The bytes of the file in one piece; undefined if there is no room for them yet. Then the object has been closed: a stream
 * that waits unread counts as stalled.
 */
async function fetchInto(
  room: Room,
  { bucket, job, limits, signal }: StageContext,
): Promise<Uint8Array | undefined> {
  const { inputFileName: name } = job;
  const closing = new AbortController();
  const either = AbortSignal.any([signal, closing.signal]);
  const object = await bucket.open(bucket.keyOf(name), either);
  checkSize(name, object.size ?? 0, limits.maxFileBytes);
  const bytes = room.has(object.size ?? FIRST_GUESS)
    ? await collect(object, { name, limit: limits.maxFileBytes, room })
    : undefined;
  if (bytes === undefined) closing.abort();
  return bytes;
}

interface Collection {
  readonly name: string;
  readonly limit: number;
  readonly room: Room;
}

/** The store's size is a hint, not a promise. */
async function collect(
  { size, body }: StoredObject,
  { name, limit, room }: Collection,
): Promise<Uint8Array | undefined> {
  let bytes = sharedBytes(size ?? FIRST_GUESS);
  let filled = 0;
  for await (const chunk of body) {
    checkSize(name, filled + chunk.length, limit);
    if (filled + chunk.length > bytes.length) {
      const length = Math.max(2 * bytes.length, filled + chunk.length);
      // Both exist while the bytes are copied.
      if (!room.has(bytes.length + length)) return undefined;
      const larger = sharedBytes(length);
      larger.set(bytes.subarray(0, filled));
      bytes = larger;
    }
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return bytes.subarray(0, filled);
}

function checkSize(name: string, bytes: number, limit: number): void {
  if (bytes <= limit) return;
  throw new KnownError(
    'file_too_large',
    `"${name}" has more than ${limit} bytes, the most that MAX_FILE_BYTES allows.`,
  );
}
