import { pipeline } from '../flow/pipeline.ts';
import { builtInWorkflow, isImage } from '../flow/workflow.ts';
import { decodeImage } from '../stages/decode-image.ts';
import { describeImage } from '../stages/describe-image.ts';
import { download } from '../stages/download.ts';
import { packageResults } from '../stages/package-results.ts';
import { planSegmentation } from '../stages/plan/plan-segmentation.ts';
import { postprocess } from '../stages/postprocess.ts';
import { predict } from '../stages/predict.ts';
import { preprocess } from '../stages/preprocess.ts';
import { batchFiles } from '../stages/results/batch-files.ts';
import { upload } from '../stages/upload.ts';
import {
  LABEL_SETTINGS,
  SCALE_SETTINGS,
  SEGMENTATION_SETTINGS,
  segmentationModels,
} from './models.ts';
import { CHANNELS, DIMENSION_ORDER, LABEL, PIXEL_SIZE, SCALE } from './fields.ts';

export default builtInWorkflow({
  name: 'segmentation',
  summary: 'Labels nuclei and cytoplasm, a model for each position of channels.',
  accepts: (job) => isImage(job.inputFileName),
  fields: [CHANNELS, DIMENSION_ORDER, SCALE, PIXEL_SIZE, LABEL],
  settings: { ...SEGMENTATION_SETTINGS, ...LABEL_SETTINGS, ...SCALE_SETTINGS },
  models: segmentationModels,
  pipeline: (settings) =>
    pipeline(
      download,
      describeImage,
      decodeImage,
      planSegmentation(settings),
      preprocess,
      predict,
      postprocess,
      packageResults(({ results }, job) => batchFiles(results, job)),
      upload,
    ),
});
