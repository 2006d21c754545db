import { setting } from '../config/setting.ts';
import { pipeline } from '../flow/pipeline.ts';
import { builtInWorkflow, isImage } from '../flow/workflow.ts';
import { decodeImage } from '../stages/decode-image.ts';
import { describeImage } from '../stages/describe-image.ts';
import { download } from '../stages/download.ts';
import { findSpots } from '../stages/find-spots.ts';
import { spots as spotApplication } from '../imaging/applications/application.ts';
import { packageResults } from '../stages/package-results.ts';
import { npy, resultStem, tiff } from '../stages/results/result-file.ts';
import { planSpots } from '../stages/plan/plan-spots.ts';
import { predict } from '../stages/predict.ts';
import { preprocess } from '../stages/preprocess.ts';
import { upload } from '../stages/upload.ts';

export default builtInWorkflow({
  name: 'spot',
  summary: 'Finds the spots of fluorescent images.',
  accepts: (job) => isImage(job.inputFileName),
  fields: [],
  settings: {
    model: setting.model('POLARIS_MODEL', 'SpotDetection:7', 'Model that finds spots.'),
    threshold: setting.fraction('POLARIS_THRESHOLD', 0.95, 'Minimum probability of a spot.'),
    clip: setting.boolean(
      'POLARIS_CLIP',
      false,
      'Whether to clip the brightest and darkest pixels.',
    ),
  },
  models: ({ model, clip }) => [
    { ...spotApplication({ clip }), model, channels: 1, isDense: true },
  ],
  pipeline: (settings) =>
    pipeline(
      download,
      describeImage,
      decodeImage,
      planSpots(settings),
      preprocess,
      predict,
      findSpots(settings),
      packageResults(({ spots }, job) =>
        spots.flatMap(({ points, picture }, batch) => [
          tiff(`${resultStem(job)}_${batch}.tif`, picture),
          npy(`${resultStem(job)}_${batch}.npy`, points),
        ]),
      ),
      upload,
    ),
});
