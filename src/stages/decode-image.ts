import { defineStage } from '../flow/stage.ts';
import { imageShape } from '../formats/decode-image.ts';
import { checkImageSize } from '../formats/image-limits.ts';
import { sizeOf } from '../imaging/array.ts';

/** Planes that a job holds at most for each plane of its image: the image, what is made of it, and what the kernels need meanwhile. */
const PLANES_IN_WORK = 8;

/** Reads the file as a float32 array, of the axes that the file has. */
export const decodeImage = defineStage({
  name: 'decode',
  concurrency: 4,
  status: 'pre-processing',
  timing: 'preprocess_time',
  frees: ['file'],
  footprint: ({ file }: { file: Uint8Array }, { job, limits }) => {
    const shape = imageShape({ bytes: file, name: job.originalName });
    checkImageSize(job.originalName, shape, limits);
    return file.length + sizeOf(shape) * 4 * PLANES_IN_WORK;
  },
  run: async ({ file }: { file: Uint8Array }, { job, limits, compute, signal, moved }) => {
    const input = { bytes: file, name: job.originalName, limits };
    const raw = await compute.run('decodeImage', input, signal);
    moved('in', file.length);
    moved('out', raw.data.byteLength);
    return { raw };
  },
});
