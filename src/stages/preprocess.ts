import { defineStage } from '../flow/stage.ts';
import type { Pass, PreparedPass } from './plan/passes.ts';

/** Resizes and normalises the image of each pass on the compute pool. */
export const preprocess = defineStage({
  name: 'preprocess',
  concurrency: 8,
  timing: 'preprocess_time',
  frees: ['passes'],
  run: async ({ passes }: { passes: readonly Pass[] }, { compute, signal }) => {
    const prepare = async (pass: Pass): Promise<PreparedPass> => {
      const { application, image, scale } = pass;
      const [, rows = 0, columns = 0] = image.shape;
      const prepared = await compute.run('prepareImage', { application, image, scale }, signal);
      return { ...pass, image: prepared, size: [rows, columns] };
    };
    return { prepared: await Promise.all(passes.map(prepare)) };
  },
});
