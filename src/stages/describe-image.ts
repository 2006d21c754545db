import { defineStage } from '../flow/stage.ts';

/**
 * Reads what the file says about its image: axes, lengths, names. Later stages know from it what the
 * pixels will take before they exist.
 *
 * @example
 * pipeline(download, describeImage, decodeImage, orient());
 */
export const describeImage = defineStage({
  name: 'describe',
  concurrency: 8,
  needs: ['file'],
  adds: ['described'],
  footprint: () => 0,
  run: async ({ file }: { file: Uint8Array }, { job, limits, compute, signal }) => {
    const input = { bytes: file, name: job.originalName, limits };
    return { described: await compute.run('describeImage', input, signal) };
  },
});
