import { setting, variablePrefix } from '../config/setting.ts';
import type { Job } from '../job/job.ts';
import { pipeline } from '../flow/pipeline.ts';
import { type Workflow, defineWorkflow, isImage } from '../flow/workflow.ts';
import { spots as spotApplication } from '../imaging/applications/application.ts';
import { decodeImage } from '../stages/decode-image.ts';
import { describeImage } from '../stages/describe-image.ts';
import { download } from '../stages/download.ts';
import { type FoundSpots, findSpots } from '../stages/find-spots.ts';
import { packageResults } from '../stages/package-results.ts';
import { type ResultFile, csv, npy, resultStem, tiff } from '../stages/results/result-file.ts';
import { planSpots } from '../stages/plan/plan-spots.ts';
import { predict } from '../stages/predict.ts';
import { preprocess } from '../stages/preprocess.ts';
import { upload } from '../stages/upload.ts';
import type { Declaration } from './declaration.ts';

/** A workflow that finds spots: the stages of the one that is built in. */
export function spotsWorkflow(declared: Declaration, threshold: number): Workflow {
  const { name, summary, normalization, outputs } = declared;
  const clip = normalization === 'min_max_clip';
  return defineWorkflow({
    name,
    summary,
    accepts: (job) => isImage(job.inputFileName),
    fields: [],
    settings: {
      model: setting.model(`${variablePrefix(name)}_MODEL`, declared.model, `Model of ${name}.`),
    },
    models: ({ model }) => [{ ...spotApplication({ clip }), model, channels: 1, isDense: true }],
    pipeline: ({ model }) =>
      pipeline(
        download,
        describeImage,
        decodeImage,
        planSpots({ model, clip }),
        preprocess,
        predict,
        findSpots({ threshold }),
        packageResults(({ spots }, job) => spotFiles({ spots, job, outputs })),
        upload,
      ),
  });
}

/** The files of each image in the order of `outputs`, and a table of all. */
function spotFiles({
  spots,
  job,
  outputs,
}: Pick<Declaration, 'outputs'> & {
  readonly spots: readonly FoundSpots[];
  readonly job: Job;
}): ResultFile[] {
  const stem = resultStem(job);
  const each = spots.flatMap(({ points, picture }, batch) =>
    outputs.flatMap((output) => {
      if (output === 'spots') return [npy(`${stem}_${batch}.npy`, points)];
      return output === 'pictures' ? [tiff(`${stem}_${batch}.tif`, picture)] : [];
    }),
  );
  const rows = spots.map(({ points }, batch) => [job.originalName, batch, points.shape[0] ?? 0]);
  const counts = csv(`${stem}_counts.csv`, ['image', 'batch', 'spots'], rows);
  return outputs.includes('counts') ? [...each, counts] : each;
}
