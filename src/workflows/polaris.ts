import { setting } from '../config/setting.ts';
import type { Job } from '../job/job.ts';
import { pipeline } from '../flow/pipeline.ts';
import { builtInWorkflow, isImage } from '../flow/workflow.ts';
import type { EndedChild } from '../ports.ts';
import { collectResults } from '../stages/archive/collect-results.ts';
import { findStored, unlessStored } from '../stages/archive/find-stored.ts';
import { removeTemporary } from '../stages/archive/remove-temporary.ts';
import { decodeImage } from '../stages/decode-image.ts';
import { describeImage } from '../stages/describe-image.ts';
import { download } from '../stages/download.ts';
import { packageResults } from '../stages/package-results.ts';
import { type ResultFile, resultStem, tiff } from '../stages/results/result-file.ts';
import { type SpotTable, assignSpots } from '../stages/polaris/assign-spots.ts';
import { gatherSpots } from '../stages/polaris/gather-spots.ts';
import { planPolaris } from '../stages/polaris/plan-polaris.ts';
import { type Finds, partsOf } from '../stages/polaris/polaris-parts.ts';
import { splitPolaris } from '../stages/polaris/split-polaris.ts';
import { upload } from '../stages/upload.ts';
import { DIMENSION_ORDER, SEGMENTATION_TYPE, SPOT_CHANNELS } from './fields.ts';

/** For each image its label images, then `<name>_<batch>.csv`; that alone if no cells were wanted. */
function polarisFiles(
  { tables }: { readonly tables: readonly SpotTable[] },
  job: Job,
): ResultFile[] {
  const stem = resultStem(job);
  return tables.flatMap(({ labels, table }, batch) => [
    ...labels.map((image, feature) => tiff(`${stem}_batch_${batch}_feature_${feature}.tif`, image)),
    { kind: 'bytes', name: `${stem}_${batch}.csv`, bytes: table } as const,
  ]);
}

/** What a child looks for: its file is a temporary one. */
function partName({ key, place }: EndedChild, job: Job): string {
  const found = partsOf(job)[place];
  return found === undefined ? key : PARTS[found];
}

const PARTS: Readonly<Record<Finds, string>> = {
  spots: 'Spots',
  nuclei: 'Nuclei',
  cytoplasm: 'Cytoplasm',
  cells: 'Cells',
};

export default builtInWorkflow({
  name: 'polaris',
  summary: 'Finds the spots of fluorescent images and the cells in which they lie.',
  accepts: (job) => isImage(job.inputFileName),
  wakeOnFailure: true,
  fields: [SPOT_CHANNELS, SEGMENTATION_TYPE, DIMENSION_ORDER],
  settings: {
    scale: setting.number('POLARIS_SCALE', 0.38, 'Scale for segmenting the cells.', {
      min: 0,
    }),
  },
  split: (settings) =>
    pipeline(download, describeImage, decodeImage, planPolaris, splitPolaris(settings)),
  join: () =>
    pipeline(
      findStored,
      collectResults(partName),
      unlessStored(gatherSpots),
      unlessStored(assignSpots),
      unlessStored(packageResults(polarisFiles)),
      unlessStored(upload),
      removeTemporary,
    ),
});
