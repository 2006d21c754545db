import { setting } from '../config/setting.ts';
import { pipeline } from '../flow/pipeline.ts';
import { builtInWorkflow, isImage } from '../flow/workflow.ts';
import { COMPARTMENTS, mesmer } from '../imaging/applications/application.ts';
import { decodeImage } from '../stages/decode-image.ts';
import { describeImage } from '../stages/describe-image.ts';
import { download } from '../stages/download.ts';
import { packageResults } from '../stages/package-results.ts';
import { planMesmer } from '../stages/plan/plan-mesmer.ts';
import { postprocess } from '../stages/postprocess.ts';
import { predict } from '../stages/predict.ts';
import { preprocess } from '../stages/preprocess.ts';
import { stackedFeatureFiles } from '../stages/results/batch-files.ts';
import { upload } from '../stages/upload.ts';
import { SCALE_SETTINGS, scaleModels } from './models.ts';
import { COMPARTMENT, PIXEL_SIZE, SCALE, TISSUE_CHANNELS, TISSUE_ORDER } from './fields.ts';

export default builtInWorkflow({
  name: 'mesmer',
  summary: 'Labels whole cells and nuclei of multiplexed tissue images.',
  aliases: ['multiplex'],
  accepts: (job) => isImage(job.inputFileName),
  fields: [TISSUE_CHANNELS, TISSUE_ORDER, SCALE, PIXEL_SIZE, COMPARTMENT],
  settings: {
    ...SCALE_SETTINGS,
    model: setting.model(
      'MESMER_MODEL',
      'MultiplexSegmentation:9',
      'Model for multiplexed images.',
      {
        aliases: ['MULTIPLEX_MODEL'],
      },
    ),
    compartment: setting.choice(
      'MESMER_COMPARTMENT',
      'whole-cell',
      'What to label when a job does not say.',
      COMPARTMENTS,
    ),
  },
  models: (settings) => [
    { ...mesmer(settings.compartment), model: settings.model, channels: 2, isDense: true },
    ...scaleModels(settings),
  ],
  pipeline: (settings) =>
    pipeline(
      download,
      describeImage,
      decodeImage,
      planMesmer(settings),
      preprocess,
      predict,
      postprocess,
      packageResults(({ results }, job) => stackedFeatureFiles(results, job)),
      upload,
    ),
});
