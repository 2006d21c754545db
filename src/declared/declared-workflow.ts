import { setting, variablePrefix } from '../config/setting.ts';
import type { Job } from '../job/job.ts';
import { pipeline } from '../flow/pipeline.ts';
import { defineStage } from '../flow/stage.ts';
import { type Workflow, defineWorkflow, isImage } from '../flow/workflow.ts';
import { decodeImage } from '../stages/decode-image.ts';
import { describeImage } from '../stages/describe-image.ts';
import { download } from '../stages/download.ts';
import { packageResults } from '../stages/package-results.ts';
import { type ResultFile, csv, resultStem } from '../stages/results/result-file.ts';
import type { ResultImage } from '../stages/plan/passes.ts';
import { planModel } from '../stages/plan/plan-model.ts';
import { postprocess } from '../stages/postprocess.ts';
import { predict } from '../stages/predict.ts';
import { preprocess } from '../stages/preprocess.ts';
import { batchFiles } from '../stages/results/batch-files.ts';
import { upload } from '../stages/upload.ts';
import { DIMENSION_ORDER, PIXEL_SIZE, SCALE, channelsOf } from '../workflows/fields.ts';
import { SCALE_SETTINGS, scaleModels } from '../workflows/models.ts';
import { applicationOf } from './declared-application.ts';
import { spotsWorkflow } from './declared-spots.ts';
import type { Declaration } from './declaration.ts';

/** The workflow that a file declares: the same stages as of one in code. */
export function declaredWorkflow(declared: Declaration): Workflow {
  const { postprocessing } = declared;
  return postprocessing?.function === 'spots'
    ? spotsWorkflow(declared, postprocessing.threshold)
    : imageWorkflow(declared);
}

/** One whose result is images: labels, or what the model says. */
function imageWorkflow(declared: Declaration): Workflow {
  const { name, summary, channels, pixel_size: pixelSize, outputs } = declared;
  const application = applicationOf(declared);
  const variable = `${variablePrefix(name)}_MODEL`;
  return defineWorkflow({
    name,
    summary,
    accepts: (job) => isImage(job.inputFileName),
    fields: [
      channelsOf(channels.length),
      DIMENSION_ORDER,
      SCALE,
      ...(pixelSize === undefined ? [] : [PIXEL_SIZE]),
    ],
    settings: {
      model: setting.model(variable, declared.model, `Model of ${name}.`),
      ...SCALE_SETTINGS,
    },
    models: (settings) => [
      { model: settings.model, channels: channels.length, heads: application.heads, isDense: true },
      ...scaleModels(settings),
    ],
    pipeline: (settings) =>
      pipeline(
        download,
        describeImage,
        decodeImage,
        planModel({ ...settings, application, channels }),
        preprocess,
        predict,
        postprocess,
        countCells,
        packageResults(({ results, counts }, job) => [
          ...batchFiles(results, job),
          ...(outputs.includes('counts') ? [countsFile(counts, job)] : []),
        ]),
        upload,
      ),
  });
}

/** Counts the cells of each feature, all images of a stack together; nothing where nothing is labelled. */
const countCells = defineStage({
  name: 'count',
  concurrency: 8,
  needs: ['results'],
  adds: ['counts'],
  footprint: () => 0,
  run: async ({ results }: { readonly results: readonly ResultImage[] }, { compute, signal }) => {
    const counted = results.map(async ({ shape, data }) =>
      data instanceof Int32Array
        ? compute.run('countLabels', { labels: { shape, data } }, signal)
        : [],
    );
    return { counts: (await Promise.all(counted)).flat() };
  },
});

function countsFile(counts: readonly number[], job: Job): ResultFile {
  const rows = counts.map((cells, feature) => [job.originalName, feature, cells]);
  return csv(`${resultStem(job)}_counts.csv`, ['image', 'feature', 'cells'], rows);
}
