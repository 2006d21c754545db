import { defineStage } from '../flow/stage.ts';
import { finishingBytes, sum } from './plan/needed-memory.ts';
import type { PredictedPass, ResultImage } from './plan/passes.ts';

interface Predicted {
  readonly predicted: readonly PredictedPass[];
}

/** Makes the result of each pass on the compute pool, at the size of the user's image. */
export const postprocess = defineStage({
  name: 'postprocess',
  concurrency: 8,
  status: 'post-processing',
  timing: 'postprocess_time',
  frees: ['predicted'],
  footprint: ({ predicted }: Predicted) => sum(predicted.map(finishingBytes)),
  run: async ({ predicted }: Predicted, { compute, signal }) => {
    const finish = ({ application, heads, size }: PredictedPass): Promise<ResultImage> =>
      compute.run('finishImage', { application, heads, size }, signal);
    return { results: await Promise.all(predicted.map(finish)) };
  },
});
