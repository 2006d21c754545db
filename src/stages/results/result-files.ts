import type { Job } from '../../flow/job.ts';
import { type NdArray, sharedFloat32, sharedInt32, sizeOf } from '../../imaging/array.ts';
import { type ResultFile, resultStem, tiff } from '../package-results.ts';
import type { ResultImage } from '../plan/passes.ts';

/** One plane of a result, `[row, column]`. */
interface Plane {
  readonly batch: number;
  readonly feature: number;
  readonly image: NdArray<Int32Array | Float32Array>;
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

function channelsOf(
  { shape, data }: ResultImage,
  batch: number,
): NdArray<Int32Array | Float32Array>[] {
  const [, rows = 0, columns = 0, channels = 1] = shape;
  const size = sizeOf([rows, columns, channels]);
  const item = data.subarray(batch * size, (batch + 1) * size);
  if (channels === 1) return [{ shape: [rows, columns], data: item }];
  return Array.from({ length: channels }, (_, channel) => ({
    shape: [rows, columns],
    data: everyNth(item, { first: channel, step: channels }),
  }));
}

/** A copy in shared memory, in a plain loop: `filter` would hold each number as an object meanwhile. */
function everyNth(
  data: ResultImage['data'],
  { first, step }: { readonly first: number; readonly step: number },
): ResultImage['data'] {
  const length = data.length / step;
  const chosen = data instanceof Int32Array ? sharedInt32(length) : sharedFloat32(length);
  for (let at = 0; at < length; at++) chosen[at] = data[first + at * step] ?? 0;
  return chosen;
}
