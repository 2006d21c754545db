import { defineStage } from '../flow/stage.ts';
import type { ImageDescription } from '../formats/image-description.ts';
import { sizeOf } from '../imaging/array.ts';

/** The image as float32, and once more as much for what is expanded on the way. */
const BYTES_PER_SAMPLE = 8;

interface DescribedFile {
  readonly file: Uint8Array;
  readonly described: ImageDescription;
}

/**
 * Reads the pixels of the file as float32, with the axes that the file names. What the file has
 * besides, or lacks, goes to the log.
 *
 * @example
 * pipeline(download, describeImage, decodeImage, orient());
 */
export const decodeImage = defineStage({
  name: 'decode',
  concurrency: 4,
  needs: ['file', 'described'],
  adds: ['raw'],
  status: 'pre-processing',
  timing: 'preprocess_time',
  frees: ['file'],
  footprint: ({ described }: DescribedFile) => sizeOf(described.shape) * BYTES_PER_SAMPLE,
  run: async ({ file }: DescribedFile, { job, limits, compute, signal, moved, warn }) => {
    const input = { bytes: file, name: job.originalName, limits };
    const raw = await compute.run('decodeImage', input, signal);
    moved('in', file.length);
    moved('out', raw.data.byteLength);
    for (const note of raw.notes) warn(note);
    return { raw };
  },
});
