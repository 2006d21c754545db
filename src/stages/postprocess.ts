import { type StageContext, defineStage } from '../flow/stage.ts';
import { finishingBytes, sum } from './plan/needed-memory.ts';
import type { PredictedPass, ResultImage } from './plan/passes.ts';

interface Predicted {
  readonly predicted: readonly PredictedPass[];
}

/** Makes the result of each pass on the compute pool, at the size of the user's image. */
export const postprocess = defineStage({
  name: 'postprocess',
  concurrency: 8,
  needs: ['predicted'],
  adds: ['results'],
  status: 'post-processing',
  timing: 'postprocess_time',
  frees: ['predicted'],
  footprint: ({ predicted }: Predicted, context) =>
    sum(predicted.map((pass) => finishingBytes(pass, context))),
  run: async ({ predicted }: Predicted, context) => {
    const { compute, signal } = context;
    const finish = ({ application, heads, size }: PredictedPass): Promise<ResultImage> =>
      compute.run('finishImage', { application, heads, size }, signal);
    const results = await Promise.all(predicted.map(finish));
    await noteCells(results, context);
    return { results };
  },
});

/** Notes how many cells each feature has, all images of the batch together; what a model says is no cells. */
async function noteCells(
  results: readonly ResultImage[],
  { compute, signal, note, warn }: StageContext,
): Promise<void> {
  const counted = results.map(async ({ shape, data }) =>
    data instanceof Int32Array
      ? compute.run('countLabels', { labels: { shape, data } }, signal)
      : [],
  );
  const cells = (await Promise.all(counted)).flat();
  if (cells.length === 0) return;
  note({ cells: cells.join(',') });
  for (const [feature, count] of cells.entries()) {
    const where = cells.length === 1 ? '' : ` in feature ${feature}`;
    if (count === 0) warn(`No cells were found${where}.`);
  }
}
