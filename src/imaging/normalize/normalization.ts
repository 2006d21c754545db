import { KnownError } from '../../errors.ts';
import type { Image } from '../array.ts';
import { brightLimit } from './bright-limit.ts';
import { normalizePlanes } from './normalize-planes.ts';
import { percentiles } from './percentile.ts';
import { type ChannelPlane, cutAbove, mapPlanes, range, stretchPlane } from '../planes.ts';

interface HistogramNormalization {
  /** float32 `[batch, row, column, channel]`. */
  readonly image: Image;
  /** Rows and columns of a contextual region of CLAHE, in pixels; null: an eighth of the image. */
  readonly kernelSize?: number | null;
}

/**
 * Evens out the contrast of each plane: stretched to 0..1, then CLAHE. Float32 `[batch, row,
 * column, channel]` in and out, range exactly 0..1; a plane of a single value becomes 0.
 */
export function histogramNormalization(options: HistogramNormalization): Image {
  const { image, kernelSize = null } = options;
  return normalizePlanes(image, { kernelSize });
}

interface PercentileThreshold {
  /** float32 `[batch, row, column, channel]`. */
  readonly image: Image;
  /** 0 to 100. */
  readonly percentile?: number;
}

/** Cuts each plane at a percentile of its values other than 0; a plane without any stays 0. */
export function percentileThreshold({ image, percentile = 99.9 }: PercentileThreshold): Image {
  return mapPlanes(image, (from, to) => cutAbove(from, to, brightLimit(from, percentile)));
}

interface MesmerPreprocessing extends HistogramNormalization, PercentileThreshold {
  /** Whether to cut off bright outliers. */
  readonly threshold?: boolean;
  /** Whether to even out the contrast. */
  readonly normalize?: boolean;
}

/**
 * What the multiplex model expects: bright outliers cut off, contrast evened out in regions of 128
 * pixels. Float32 `[batch, row, column, channel]` in and out; `wrong_dimensions` for any other
 * number of axes.
 */
export function mesmerPreprocess(options: MesmerPreprocessing): Image {
  const {
    image,
    threshold = true,
    percentile = 99.9,
    normalize = true,
    kernelSize = 128,
  } = options;
  checkRank(image, 'Image data must be 4D, got image of shape');
  if (normalize) return normalizePlanes(image, { kernelSize, ...(threshold && { percentile }) });
  return threshold
    ? percentileThreshold({ image, percentile })
    : mapPlanes(image, (from, to) => cutAbove(from, to, Infinity));
}

interface MinMaxNormalization {
  /** float32 `[batch, row, column, channel]`. */
  readonly image: Image;
  /** Whether to cut each plane at its 0.01 and 99.9 percentiles first. */
  readonly clip?: boolean;
}

/**
 * Stretches each plane to 0..1. A plane of a single value becomes NaN, as in the reference, and so
 * has no spots. Float32 `[batch, row, column, channel]` in and out; `wrong_dimensions` for any
 * other number of axes.
 */
export function minMaxNormalize({ image, clip = false }: MinMaxNormalization): Image {
  checkRank(image, 'Image must be 4D, input image shape was');
  return mapPlanes(image, (from, to) => {
    const { least, greatest } = range(from);
    const [low = -Infinity, high = Infinity] = clip ? percentiles(from, [0.01, 99.9], 'all') : [];
    stretchPlane(from, to, {
      least: Math.max(least, Math.fround(low)),
      greatest: Math.min(greatest, Math.fround(high)),
    });
  });
}

/**
 * The oldest preprocessing, `normalize`: each plane to mean 0 and standard deviation 1. The
 * contract names the function and gives no formula; this is the standard one, in double precision
 * and rounded to float32. A plane of a single value becomes 0.
 */
export function standardize({ image }: { readonly image: Image }): Image {
  return mapPlanes(image, standardizePlane);
}

/** Writes a plane with its mean taken off, divided by its standard deviation. */
function standardizePlane(from: ChannelPlane, to: ChannelPlane): void {
  const { mean, deviation } = moments(from);
  const { data, start, step, rows, columns } = from;
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    const i = start + pixel * step;
    to.data[i] = deviation === 0 ? 0 : (data[i] - mean) / deviation;
  }
}

function moments({ data, start, step, rows, columns }: ChannelPlane): {
  mean: number;
  deviation: number;
} {
  const pixels = rows * columns;
  let sum = 0;
  for (let pixel = 0; pixel < pixels; pixel++) sum += data[start + pixel * step];
  const mean = sum / pixels;
  let squares = 0;
  for (let pixel = 0; pixel < pixels; pixel++) squares += (data[start + pixel * step] - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / pixels) };
}

function checkRank({ shape }: Image, complaint: string): void {
  if (shape.length === 4) return;
  throw new KnownError('wrong_dimensions', `${complaint} (${shape.join(', ')})`);
}
