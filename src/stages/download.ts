import { KnownError } from '../errors.ts';
import { defineStage } from '../flow/stage.ts';
import { sharedBytes } from '../imaging/array.ts';
import type { StoredObject } from '../ports.ts';

/** Fetches the file of the job into shared memory, so that the decoder on another thread reads it in place. */
export const download = defineStage({
  name: 'download',
  concurrency: 8,
  timing: 'download_time',
  retry: 'unavailable',
  remote: 'bucket_read',
  run: async (_: object, { bucket, job, limits, signal, holds, moved }) => {
    const object = await bucket.open(bucket.keyOf(job.inputFileName), signal);
    checkSize(job.inputFileName, object.size ?? 0, limits.maxFileBytes);
    if (object.size !== undefined) holds(object.size);
    const file = await collect(object, job.inputFileName, limits.maxFileBytes);
    moved('in', file.length);
    return { file };
  },
});

const FIRST_GUESS = 2 ** 20;

/** The bytes of an object in one piece. The store's size is a hint, not a promise. */
async function collect(
  { size, body }: StoredObject,
  name: string,
  limit: number,
): Promise<Uint8Array> {
  let bytes = sharedBytes(size ?? FIRST_GUESS);
  let filled = 0;
  for await (const chunk of body) {
    checkSize(name, filled + chunk.length, limit);
    if (filled + chunk.length > bytes.length) {
      const larger = sharedBytes(Math.max(2 * bytes.length, filled + chunk.length));
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
