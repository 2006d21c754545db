import { bytesHeld } from '../flow/running/held-bytes.ts';
import { defineStage } from '../flow/stage.ts';
import type { Archive } from './package-results.ts';

interface Packaged {
  readonly archive: Archive;
}

/** Bytes that a bucket holds of an upload at most: the part that is sent and the one that is gathered. */
const IN_FLIGHT_BYTES = 2 * 8 * 2 ** 20;

/**
 * Stores the result under a name that the hash of the job keeps: a job that runs twice overwrites its own result.
 *
 * @example
 * pipeline(download, packageResults(() => [csv('empty.csv', ['cells'], [])]), upload);
 */
export const upload = defineStage({
  name: 'upload',
  concurrency: 8,
  needs: ['archive'],
  adds: ['output'],
  timing: 'upload_time',
  retry: 'unavailable',
  remote: 'bucket_write',
  frees: ['archive'],
  footprint: ({ archive }: Packaged) => Math.min(bytesHeld(archive), IN_FLIGHT_BYTES),
  run: async ({ archive }: Packaged, { bucket, job, signal, moved }) => {
    const fileName = `output/${job.resultId}.zip`;
    const body = counted(archive(), (bytes) => moved('out', bytes));
    const url = await bucket.upload(fileName, body, { contentType: 'application/zip', signal });
    return { output: { url, fileName } };
  },
});

/** The same chunks; tells the size of each. */
async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}
