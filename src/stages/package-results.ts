import { bytesHeld } from '../flow/running/held-bytes.ts';
import type { Job } from '../job/job.ts';
import { readsOf } from '../flow/shape/reads-of.ts';
import { type Stage, defineStage } from '../flow/stage.ts';
import { type Archive, type Entry, zipArchive } from '../formats/zip.ts';
import { checkFiles } from './results/check-file.ts';
import type { ResultFile } from './results/result-file.ts';

export type { Archive };

/**
 * Makes the files of a result an archive, in the order given. The first is what viewers show.
 *
 * @example
 * pipeline(
 *   download,
 *   describeImage,
 *   decodeImage,
 *   orient(),
 *   packageResults(({ image }, job) => [npy(`${resultStem(job)}.npy`, image)]),
 *   upload,
 * );
 */
export function packageResults<Value>(
  files: (value: Value, job: Job) => readonly ResultFile[],
): Stage<Value, { archive: Archive }> {
  if (typeof files !== 'function') {
    throw new TypeError('packageResults needs a function: ({ labels }) => [tiff(…)].');
  }
  return defineStage({
    name: 'package',
    concurrency: 4,
    needs: readsOf(files),
    adds: ['archive'],
    status: 'saving-results',
    // What the files are made of, where that is not the value itself, and what they are packed into.
    footprint: (value: Value) => 2 * bytesHeld(value),
    run: async (value: Value, { job, compute, signal }) => {
      const pack = async (file: ResultFile): Promise<Entry> => ({
        name: file.name,
        ...(await compute.run('packFile', file, signal)),
      });
      const made = files(value, job);
      checkFiles(made);
      const entries = await Promise.all(made.map(pack));
      // Where the memory of the entries is seen.
      return { archive: Object.assign(zipArchive(entries), { entries }) };
    },
  });
}
