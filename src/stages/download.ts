import { KnownError } from '../errors.ts';
import { defineStage } from '../flow/stage.ts';
import { sharedBytes } from '../imaging/array.ts';
import { copyBytes } from '../imaging/shared-memory.ts';
import type { StoredObject } from '../ports.ts';
import { type Room, fetchWithRoom } from './fetch-with-room.ts';

/**
 * Fetches the file of the job into shared memory, so that the decoder on another thread reads it in place.
 *
 * @example
 * pipeline(download, describeImage, decodeImage, orient());
 */
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
    const name = context.job.inputFileName;
    const limit = context.limits.maxFileBytes;
    const file = await fetchWithRoom(context, async (object, room) => {
      checkSize(name, object.size ?? 0, limit);
      if (!room.has(object.size ?? FIRST_GUESS)) return undefined;
      return collect(object, { name, limit, room });
    });
    context.moved('in', file.length);
    return { file };
  },
});

/** Room for a file whose size the store does not tell. */
const FIRST_GUESS = 2 ** 20;

interface Collection {
  readonly name: string;
  readonly limit: number;
  readonly room: Room;
}

/** The bytes in one piece; undefined if there is no room for them. The store's size is a hint, not a promise. */
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
      copyBytes(bytes.subarray(0, filled), larger);
      bytes = larger;
    }
    copyBytes(chunk, bytes, filled);
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
