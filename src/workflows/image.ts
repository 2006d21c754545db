import { pipeline } from '../flow/pipeline.ts';
import { builtInWorkflow, isImage } from '../flow/workflow.ts';
import { decodeImage } from '../stages/decode-image.ts';
import { describeImage } from '../stages/describe-image.ts';
import { download } from '../stages/download.ts';
import { packageResults } from '../stages/package-results.ts';
import { planImage } from '../stages/plan/plan-image.ts';
import { namedModel } from '../stages/plan/plan-model-job.ts';
import { postprocess } from '../stages/postprocess.ts';
import { predict } from '../stages/predict.ts';
import { preprocess } from '../stages/preprocess.ts';
import { batchFiles, modelFiles } from '../stages/results/batch-files.ts';
import { upload } from '../stages/upload.ts';
import {
  LABEL_SETTINGS,
  SCALE_SETTINGS,
  SEGMENTATION_SETTINGS,
  segmentationModels,
} from './models.ts';
import { CHANNELS, DIMENSION_ORDER, LABEL, MODEL_FIELDS, PIXEL_SIZE, SCALE } from './fields.ts';

export default builtInWorkflow({
  name: 'image',
  summary:
    'Runs the model and the functions that a job names; a job that names none is a segmentation.',
  aliases: ['predict'],
  accepts: (job) => isImage(job.inputFileName),
  fields: [CHANNELS, DIMENSION_ORDER, SCALE, PIXEL_SIZE, LABEL, ...MODEL_FIELDS],
  settings: { ...SEGMENTATION_SETTINGS, ...LABEL_SETTINGS, ...SCALE_SETTINGS },
  models: segmentationModels,
  pipeline: (settings) =>
    pipeline(
      download,
      describeImage,
      decodeImage,
      planImage(settings),
      preprocess,
      predict,
      postprocess,
      packageResults(({ results }, job) =>
        namedModel(job) === undefined ? batchFiles(results, job) : modelFiles(results, job),
      ),
      upload,
    ),
});
