import { defineStage } from '../flow/stage.ts';
import type { ImageDescription } from '../formats/image-description.ts';
import { sizeOf } from '../imaging/array.ts';

/** Planes that a job holds at most for each plane of its image: the image, what is made of it, and what the kernels need meanwhile. */
const PLANES_IN_WORK = 8;

interface DescribedFile {
  readonly file: Uint8Array;
  readonly described: ImageDescription;
}

/**
 * Reads the pixels of the file as float32, with the axes that the file names. What the file has
 * besides, or lacks, goes to the log.
 */
export const decodeImage = defineStage({
  name: 'decode',
  concurrency: 4,
  status: 'pre-processing',
  timing: 'preprocess_time',
  frees: ['file'],
  footprint: ({ file, described }: DescribedFile) =>
    file.length + sizeOf(described.shape) * 4 * PLANES_IN_WORK,
  run: async ({ file }: DescribedFile, { job, limits, compute, signal, moved, warn }) => {
    const input = { bytes: file, name: job.originalName, limits };
    const raw = await compute.run('decodeImage', input, signal);
    moved('in', file.length);
    moved('out', raw.data.byteLength);
    for (const note of raw.notes) warn(`${job.originalName}: ${note}`);
    return { raw };
  },
});
