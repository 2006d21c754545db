import { defineStage } from '../flow/stage.ts';
import type { PredictedPass, PreparedPass } from './plan/passes.ts';
import { predictImage } from './predict/predict-image.ts';

/** Has the model servers run the model of each pass. */
export const predict = defineStage({
  name: 'predict',
  concurrency: 16,
  needs: ['prepared'],
  adds: ['predicted'],
  status: 'predicting',
  timing: 'prediction_time',
  footprint: () => 0,
  frees: ['prepared'],
  run: async ({ prepared }: { prepared: readonly PreparedPass[] }, context) => {
    const done = prepared.map(() => 0);
    let retries = 0;
    const run = async (pass: PreparedPass, index: number): Promise<PredictedPass> => {
      const { application, model, image, scale, size, onMisfit } = pass;
      const { padMode, overlap, heads, outputs } = application;
      const predicted = await predictImage(
        {
          model,
          image,
          padMode,
          heads,
          ...(overlap !== undefined && { overlap }),
          ...(outputs !== undefined && { outputs }),
          ...(onMisfit !== undefined && { onMisfit }),
          onProgress: (share) => {
            done[index] = share;
            context.progress(done.reduce((sum, part) => sum + part, 0) / prepared.length);
          },
        },
        context,
      );
      retries += predicted.retries;
      return { application, model, scale, size, heads: predicted.heads };
    };
    const predicted = await Promise.all(prepared.map(run));
    context.note({ predict_retries: retries });
    return { predicted };
  },
});
