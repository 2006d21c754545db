import type { Job } from '../../job/job.ts';
import type { TiffImage } from '../../formats/encode-tiff.ts';
import { sizeOf } from '../../imaging/array.ts';
import { type ResultFile, resultStem, tiff } from './result-file.ts';
import type { ResultImage } from '../plan/passes.ts';

/** One plane of a result, `[row, column]`. */
interface Plane {
  readonly batch: number;
  readonly feature: number;
  readonly image: TiffImage;
}

/**
 * `<name>_batch_<b>_feature_<c>.tif` for each batch item and each feature, batch by batch: what DeepCell
 * Label groups by.
 */
export function batchFiles(results: readonly ResultImage[], job: Job): ResultFile[] {
  return planesOf(results).map(({ batch, feature, image }) =>
    tiff(`${resultStem(job)}_batch_${batch}_feature_${feature}.tif`, image),
  );
}

/** `<name>_feature_<c>.tif` for each feature, without a batch, of the first batch item. */
export function featureFiles(results: readonly ResultImage[], job: Job): ResultFile[] {
  return planesOf(results)
    .filter(({ batch }) => batch === 0)
    .map(({ feature, image }) => tiff(`${resultStem(job)}_feature_${feature}.tif`, image));
}

/** Of one image `<name>_feature_<c>.tif`, as jobs that name their model always had; of several, with the batch. */
export function modelFiles(results: readonly ResultImage[], job: Job): ResultFile[] {
  const isOne = (results[0]?.shape[0] ?? 1) === 1;
  return isOne ? featureFiles(results, job) : batchFiles(results, job);
}

/** `<name>_feature_<c>.tif` for each feature, each with its batch axis: what ark-analysis reads. */
export function stackedFeatureFiles(results: readonly ResultImage[], job: Job): ResultFile[] {
  return featureFiles(results, job).map((file) =>
    file.kind === 'tiff'
      ? { ...file, image: { ...file.image, shape: [1, ...file.image.shape] } }
      : file,
  );
}

/** The planes of results `[batch, row, column, channel]`: by batch, then by result and channel. */
export function planesOf(results: readonly ResultImage[]): Plane[] {
  const batches = results[0]?.shape[0] ?? 0;
  return Array.from({ length: batches }, (_, batch) => {
    let feature = 0;
    return results.flatMap((result) =>
      channelsOf(result, batch).map((image) => ({ batch, feature: feature++, image })),
    );
  }).flat();
}

/** The channels of one image, which share its values. */
function channelsOf({ shape, data }: ResultImage, batch: number): TiffImage[] {
  const [, rows = 0, columns = 0, channels = 1] = shape;
  const size = sizeOf([rows, columns, channels]);
  const item = data.subarray(batch * size, (batch + 1) * size);
  return Array.from({ length: channels }, (_, index) => ({
    shape: [rows, columns],
    data: item,
    channel: { index, of: channels },
  }));
}
