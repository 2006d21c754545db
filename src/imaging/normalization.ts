import { KnownError } from '../errors.ts';
import type { Image } from './array.ts';
import { clahe } from './clahe.ts';
import { percentile } from './percentile.ts';
import { mapPlanes, range, stretch } from './planes.ts';

/** Rows and columns of a contextual region; null: an eighth of the image. */
interface Equalisation {
  readonly kernelSize?: number | null;
}

/**
 * Evens out the contrast of each plane: stretched to 0..1, then CLAHE. Float32 `[batch, row, column, channel]` in and out, range
 * exactly 0..1; a plane of a single value becomes 0.
 */
export function histogramNormalization({
  image,
  kernelSize = null,
}: { readonly image: Image } & Equalisation): Image {
  return mapPlanes(image, (plane, rows, columns) => {
    const { least, greatest } = range(plane);
    if (least === greatest || plane.length === 0) {
      plane.fill(0);
      return;
    }
    stretch(plane, least, greatest);
    clahe(plane, rows, columns, kernelSize);
  });
}

/** Cuts each plane at a percentile of its values other than 0; a plane without any stays 0. */
export function percentileThreshold({
  image,
  percentile: q = 99.9,
}: {
  readonly image: Image;
  readonly percentile?: number;
}): Image {
  return mapPlanes(image, (plane) => {
    const limit = percentile(
      plane.filter((value) => value !== 0),
      q,
    );
    if (limit === undefined) return;
    const cut = Math.fround(limit);
    for (let i = 0; i < plane.length; i++) if (plane[i] > cut) plane[i] = cut;
  });
}

interface MesmerPreprocessing extends Equalisation {
  readonly image: Image;
  readonly threshold?: boolean;
  readonly percentile?: number;
  readonly normalize?: boolean;
}

/** What the multiplex model expects: bright outliers cut off, contrast evened out in regions of 128 pixels. */
export function mesmerPreprocess(options: MesmerPreprocessing): Image {
  const {
    image,
    threshold = true,
    percentile: q = 99.9,
    normalize = true,
    kernelSize = 128,
  } = options;
  if (image.shape.length !== 4) {
    throw new KnownError(
      'wrong_dimensions',
      `Image data must be 4D, got image of shape (${image.shape.join(', ')})`,
    );
  }
  const cut = threshold ? percentileThreshold({ image, percentile: q }) : image;
  return normalize ? histogramNormalization({ image: cut, kernelSize }) : cut;
}

/**
 * Stretches each plane to 0..1, after cutting it at its 0.01 and 99.9 percentiles if `clip`. A plane of a single value becomes NaN,
 * as in the reference, and so has no spots.
 */
export function minMaxNormalize({
  image,
  clip = false,
}: {
  readonly image: Image;
  readonly clip?: boolean;
}): Image {
  if (image.shape.length !== 4) {
    throw new KnownError(
      'wrong_dimensions',
      `Image must be 4D, input image shape was (${image.shape.join(', ')})`,
    );
  }
  return mapPlanes(image, (plane) => {
    if (clip) {
      const low = Math.fround(percentile(plane, 0.01) ?? 0);
      const high = Math.fround(percentile(plane, 99.9) ?? 0);
      for (let i = 0; i < plane.length; i++) plane[i] = Math.min(Math.max(plane[i], low), high);
    }
    const { least, greatest } = range(plane);
    stretch(plane, least, greatest);
  });
}

/**
 * The oldest preprocessing: each plane to mean 0 and standard deviation 1, in double precision, rounded to float32. A plane of a
 * single value becomes 0.
 */
export function normalize({ image }: { readonly image: Image }): Image {
  return mapPlanes(image, (plane) => {
    let sum = 0;
    for (let i = 0; i < plane.length; i++) sum += plane[i];
    const mean = sum / plane.length;
    let squares = 0;
    for (let i = 0; i < plane.length; i++) squares += (plane[i] - mean) ** 2;
    const deviation = Math.sqrt(squares / plane.length);
    for (let i = 0; i < plane.length; i++) {
      plane[i] = deviation === 0 ? 0 : (plane[i] - mean) / deviation;
    }
  });
}
