import { KnownError } from '../errors.ts';
import type { Application, Postprocessing, Preprocessing } from './application.ts';
import { type Image, type NdArray, sharedFloat32, sharedInt32 } from './array.ts';
import { stackChannels } from './axes.ts';
import { deepWatershed } from './deep-watershed.ts';
import {
  histogramNormalization,
  mesmerPreprocess,
  minMaxNormalize,
  standardize,
} from './normalization.ts';
import { type Size, resizeImage, resizeLabels, resizeNearest } from './resize.ts';

interface Prepared {
  readonly application: Application;
  /** float32 `[batch, row, column, channel]`. */
  readonly image: Image;
  /** How many times larger the user's pixels are than they should be. */
  readonly scale: number;
}

/**
 * Resizes an image to the pixel size of the model and preprocesses it. float32 `[batch, row,
 * column, channel]`.
 */
export function prepareImage({ application, image, scale }: Prepared): Image {
  const resized = resize(application, image, scale);
  return application.preprocess.reduce((result, step) => preprocess(step, result), resized);
}

interface Finished {
  readonly application: Application;
  /** float32 `[batch, row, column, channel]`, one for each head of the application. */
  readonly heads: readonly Image[];
  /** Size of the user's image. */
  readonly size: Size;
}

/**
 * Makes the result of the heads and resizes it to the user's image: int32 labels, or float32 if
 * nothing was labelled.
 */
export function finishImage({
  application,
  heads,
  size,
}: Finished): NdArray<Int32Array | Float32Array> {
  const made = application.postprocess.reduce<readonly NdArray<Int32Array | Float32Array>[]>(
    (arrays, step) => postprocess(step, arrays),
    heads,
  );
  const result = joined(made);
  const [, rows, columns] = result.shape;
  if (rows === size[0] && columns === size[1]) return result;
  const { data } = result;
  return data instanceof Int32Array
    ? resizeLabels({ labels: { ...result, data }, size })
    : resizeNearest({ image: { ...result, data }, size });
}

/**
 * The size that the model is to see. Truncation makes the order of the operations visible: they are
 * the reference's.
 */
export function scaledSize([rows, columns]: Size, scale: number, micronsPerPixel: number): Size {
  const factor = (scale * micronsPerPixel) / micronsPerPixel;
  return [Math.trunc(rows * factor), Math.trunc(columns * factor)];
}

function resize({ micronsPerPixel }: Application, image: Image, scale: number): Image {
  const [, rows = 0, columns = 0] = image.shape;
  const unchanged =
    micronsPerPixel === undefined ? scale === 1 : scale * micronsPerPixel === micronsPerPixel;
  if (unchanged) return image;
  const size = scaledSize([rows, columns], scale, micronsPerPixel ?? 1);
  if (size[0] < 1 || size[1] < 1) {
    throw new KnownError(
      'invalid_job',
      `A scale of ${scale} leaves nothing of an image of ${rows} × ${columns} pixels.`,
    );
  }
  return micronsPerPixel === undefined
    ? resizeNearest({ image, size })
    : resizeImage({ image, size });
}

function preprocess(step: Preprocessing, image: Image): Image {
  switch (step.kind) {
    case 'histogram_normalization':
      return histogramNormalization({ image });
    case 'mesmer':
      return mesmerPreprocess({ image });
    case 'multiplex':
      return mesmerPreprocess({ image });
    case 'min_max':
      return minMaxNormalize({ image, clip: step.clip });
    case 'normalize':
      return standardize({ image });
    case 'none':
      return image;
    default:
      return step satisfies never;
  }
}

type Arrays = readonly NdArray<Int32Array | Float32Array>[];

function postprocess(step: Postprocessing, arrays: Arrays): Arrays {
  if (step.kind === 'none') return arrays;
  const labels = step.parts.map((part, index) => {
    const [maxima, interior] =
      step.parts.length === 1 ? [arrays[0], arrays.at(-1)] : arrays.slice(2 * index);
    if (maxima === undefined || interior === undefined) {
      throw new KnownError('model_mismatch', 'deep_watershed needs the output of a model.');
    }
    return deepWatershed({ maxima: asImage(maxima), interior: asImage(interior), ...part });
  });
  return [stackChannels<Int32Array>(labels, sharedInt32)];
}

function asImage(array: NdArray<Int32Array | Float32Array>): Image {
  const { shape, data } = array;
  return { shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** Several arrays become the channels of one. */
function joined(arrays: Arrays): NdArray<Int32Array | Float32Array> {
  const [only] = arrays;
  if (only !== undefined && arrays.length === 1) return only;
  return stackChannels<Float32Array>(arrays.map(asImage), sharedFloat32);
}
