import { defineStage } from '../flow/stage.ts';
import { preparingBytes, sum } from './plan/needed-memory.ts';
import type { Pass, PreparedPass } from './plan/passes.ts';

interface Planned {
  readonly passes: readonly Pass[];
}

/** Resizes and normalises the image of each pass on the compute pool. */
export const preprocess = defineStage({
  name: 'preprocess',
  concurrency: 8,
  needs: ['passes'],
  adds: ['prepared'],
  timing: 'preprocess_time',
  frees: ['passes'],
  footprint: ({ passes }: Planned, context) =>
    sum(passes.map((pass) => preparingBytes(pass, context))),
  run: async ({ passes }: Planned, { compute, signal }) => {
    const prepare = async (pass: Pass): Promise<PreparedPass> => {
      const { application, image, scale } = pass;
      const [, rows = 0, columns = 0] = image.shape;
      const prepared = await compute.run('prepareImage', { application, image, scale }, signal);
      return { ...pass, image: prepared, size: [rows, columns] };
    };
    return { prepared: await Promise.all(passes.map(prepare)) };
  },
});
