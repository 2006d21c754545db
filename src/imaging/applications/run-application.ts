import { KnownError } from '../../errors.ts';
import type { Application, Postprocessing, Preprocessing } from './application.ts';
import { checkHeads } from './check-heads.ts';
import { type Image, type NdArray, sharedFloat32 } from '../array.ts';
import { stackChannels } from '../axes.ts';
import { deepWatersheds } from '../watershed/deep-watershed.ts';
import { multiplexPostprocess } from './multiplex-postprocess.ts';
import {
  histogramNormalization,
  mesmerPreprocess,
  minMaxNormalize,
  standardize,
} from '../normalize/normalization.ts';
import type { Size } from '../plane.ts';
import { resizeImage, resizeLabels, resizeNearest } from '../resize/resize.ts';

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
 * nothing was labelled. Throws `model_mismatch` for heads of which none can be made.
 */
export function finishImage({
  application,
  heads,
  size,
}: Finished): NdArray<Int32Array | Float32Array> {
  checkHeads(application, heads);
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
 * Rows and columns of an image as the model is to see it: with the pixels that it was trained with, or as model-named
 * jobs do it. Throws `invalid_job` if the scale leaves nothing of the image.
 */
export function preparedSize(application: Application, size: Size, scale: number): Size {
  const { micronsPerPixel } = application;
  if (isUnscaled(application, scale)) return size;
  if (micronsPerPixel === undefined) return roundedSize(size, scale);
  const [rows, columns] = scaledSize(size, scale, micronsPerPixel);
  if (rows > 0 && columns > 0) return [rows, columns];
  throw new KnownError(
    'invalid_job',
    `A scale of ${scale} leaves nothing of an image of ${size[0]} × ${size[1]} pixels.`,
  );
}

function resize(application: Application, image: Image, scale: number): Image {
  if (isUnscaled(application, scale)) return image;
  const [, rows = 0, columns = 0] = image.shape;
  const size = preparedSize(application, [rows, columns], scale);
  return application.micronsPerPixel === undefined
    ? resizeNearest({ image, size })
    : resizeImage({ image, size });
}

function isUnscaled({ micronsPerPixel = 1 }: Application, scale: number): boolean {
  return scale * micronsPerPixel === micronsPerPixel;
}

/**
 * The size that the model is to see. Truncation makes the order of the operations visible: they are
 * the reference's.
 */
export function scaledSize([rows, columns]: Size, scale: number, micronsPerPixel: number): Size {
  const factor = (scale * micronsPerPixel) / micronsPerPixel;
  return [Math.trunc(rows * factor), Math.trunc(columns * factor)];
}

/** The size that scikit-image's `rescale` gives an image: rounded, ties to even, at least one pixel. */
function roundedSize(size: Size, scale: number): Size {
  const rounded = (length: number): number => {
    const nearest = Math.round(length * scale);
    const tie = nearest - length * scale === 0.5;
    return Math.max(tie && nearest % 2 === 1 ? nearest - 1 : nearest, 1);
  };
  return [rounded(size[0]), rounded(size[1])];
}

function preprocess(step: Preprocessing, image: Image): Image {
  switch (step.kind) {
    case 'histogram_normalization':
      return histogramNormalization({ image });
    case 'mesmer':
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
  if (step.kind === 'multiplex') return [multiplexPostprocess({ heads: arrays.map(asImage) })];
  const pairs = headPairs(step.parts.length, arrays.map(asImage));
  const inputs = step.parts.flatMap((part, index) => {
    const pair = pairs[index];
    return pair ? [{ ...pair, ...part }] : [];
  });
  return [deepWatersheds(inputs)];
}

interface HeadPair {
  readonly maxima: Image;
  readonly interior: Image;
}

/** The two heads of each part. */
function headPairs(parts: number, heads: readonly Image[]): HeadPair[] {
  const chosen = parts === 1 ? [heads[0], heads.at(-1)] : heads;
  const pairs = Array.from({ length: chosen.length / 2 }, (_, index) => {
    const [maxima, interior] = chosen.slice(2 * index);
    return maxima && interior ? [{ maxima, interior }] : [];
  }).flat();
  if (chosen.length === 2 * parts && pairs.length === parts) return pairs;
  throw new KnownError(
    'model_mismatch',
    `output_list was length ${heads.length}, expecting length ${2 * parts}`,
  );
}

function asImage({ shape, data }: NdArray<Int32Array | Float32Array>): Image {
  return { shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** Several arrays become the channels of one. */
function joined(arrays: Arrays): NdArray<Int32Array | Float32Array> {
  const [only] = arrays;
  if (only !== undefined && arrays.length === 1) return only;
  return stackChannels<Float32Array>(arrays.map(asImage), sharedFloat32);
}
