import { KnownError } from '../../errors.ts';
import { type Image, type NdArray, sharedFloat64 } from '../array.ts';
import { labelComponents } from '../watershed/connected-components.ts';
import { localMaxima } from '../watershed/local-maxima.ts';
import type { PlaneSize } from '../plane.ts';
import { type Scratch, withScratch } from '../scratch.ts';
import { checkSpotHeads } from './check-spot-heads.ts';

/** Points `[point, (row, column)]`, float64, in pixels. */
export type Points = NdArray<Float64Array>;

export interface SpotInput {
  /**
   * Probability of a spot in each pixel: float32 `[batch, row, column, channel]`, of which the last channel
   * is looked at.
   */
  readonly classification: Image;
  /** Where the spot lies, seen from the pixel: float32 `[batch, row, column, (row, column)]`. */
  readonly offsets: Image;
  /** Spots have a greater probability than this, which is within 0..1. */
  readonly threshold: number;
  /** What the model was asked about, `[batch, row, column, channel]`; absent: what it answers is not checked. */
  readonly image?: Image;
  /** Which pixels are spots. Default `maxima`. */
  readonly rule?: SpotRule;
}

/**
 * - `maxima`: the most probable pixels within `minimumDistance`, most probable first.
 * - `close`: all pixels whose spot lies within half a pixel, in raster order.
 * - `components`: one spot for each 8-connected group of pixels, at the mean of what its pixels say.
 */
export type SpotRule =
  | { readonly kind: 'maxima'; readonly minimumDistance?: number }
  | { readonly kind: 'close' }
  | { readonly kind: 'components' };

/**
 * Turns the output of a spot detection model into points, one array for each batch item, of no rows where
 * there is no spot. Pixels with NaN are none. Laubscher et al., "Accurate single-molecule spot detection for
 * image-based spatial transcriptomics with weakly supervised deep learning" (2023). Throws `internal` for a
 * threshold outside 0..1, `model_mismatch` if the shapes do not go together, or if the model gave NaN for an
 * `image` that holds something.
 */
export function findSpots(input: SpotInput): Points[] {
  const { classification, offsets, threshold, image, rule } = input;
  if (!(threshold >= 0 && threshold <= 1)) {
    // Jobs cannot give it: a workflow does, whose setting allows nothing else.
    throw new KnownError('internal', 'Threshold value must be between 0 and 1.');
  }
  const [batches = 0, rows = 0, columns = 0, channels = 0] = classification.shape;
  checkOffsets(classification.shape, offsets.shape);
  if (image !== undefined) checkSpotHeads(image, [classification, offsets]);
  const size = { rows, columns };
  return withScratch((scratch) => {
    const plane = scratch.float32(rows * columns);
    return Array.from({ length: batches }, (_, batch) => {
      const first = batch * plane.length;
      takeLastChannel(classification.data.subarray(first * channels), channels, plane);
      const field = { offsets: offsets.data.subarray(2 * first, 2 * (first + plane.length)), size };
      return toPoints(pointsOf(plane, field, threshold, rule ?? { kind: 'maxima' }));
    });
  });
}

function takeLastChannel(data: Float32Array, channels: number, plane: Float32Array): void {
  for (let i = 0; i < plane.length; i++) plane[i] = data[(i + 1) * channels - 1];
}

interface OffsetField {
  readonly size: PlaneSize;
  /** `[row, column, (row, column)]` */
  readonly offsets: Float32Array;
}

/** Rows and columns in turn. */
type Coordinates = Iterable<readonly [row: number, column: number]>;

function checkOffsets(classification: readonly number[], offsets: readonly number[]): void {
  const fits = [0, 1, 2].every((axis) => classification[axis] === offsets[axis]);
  if (fits && classification.length === 4 && offsets.length === 4 && offsets[3] === 2) return;
  throw new KnownError(
    'model_mismatch',
    'Spots need outputs [batch, row, column, channel] of equal size, the second with two channels, ' +
      `not ${classification.join(' × ')} and ${offsets.join(' × ')}.`,
  );
}

function pointsOf(
  plane: Float32Array,
  field: OffsetField,
  threshold: number,
  rule: SpotRule,
): Coordinates {
  if (rule.kind === 'components') return componentCentres(plane, field, threshold);
  if (rule.kind === 'close') return closePixels(plane, field, threshold);
  const { minimumDistance = 1 } = rule;
  const options = { minimumDistance, threshold, border: minimumDistance };
  return Array.from(localMaxima(plane, field.size, options), (pixel) => pointAt(field, pixel));
}

/** Where the spot of a pixel lies. */
function pointAt({ size, offsets }: OffsetField, pixel: number): [row: number, column: number] {
  const row = Math.floor(pixel / size.columns);
  const column = pixel - row * size.columns;
  return [row + offsets[2 * pixel], column + offsets[2 * pixel + 1]];
}

function* closePixels(plane: Float32Array, field: OffsetField, threshold: number): Coordinates {
  const bound = Math.fround(threshold);
  for (let pixel = 0; pixel < plane.length; pixel++) {
    if (!(plane[pixel] > bound)) continue;
    const [down, right] = field.offsets.subarray(2 * pixel);
    if (Math.abs(down) < 0.5 && Math.abs(right) < 0.5) yield pointAt(field, pixel);
  }
}

function componentCentres(plane: Float32Array, field: OffsetField, threshold: number): Coordinates {
  const mask = maskAbove(plane, Math.fround(threshold));
  const sums = withScratch((scratch) => sumComponents(mask, field, scratch));
  return sums.map(({ row, column, pixels }) => [row / pixels, column / pixels] as const);
}

function maskAbove(plane: Float32Array, bound: number): Uint8Array {
  const mask = new Uint8Array(plane.length);
  for (let i = 0; i < mask.length; i++) mask[i] = plane[i] > bound ? 1 : 0;
  return mask;
}

interface ComponentSum {
  row: number;
  column: number;
  pixels: number;
}

/** Adds up what the pixels of each component say. */
function sumComponents(mask: Uint8Array, field: OffsetField, scratch: Scratch): ComponentSum[] {
  const { pixels, labels, count } = labelComponents(mask, field.size, scratch);
  const sums = Array.from({ length: count }, () => ({ row: 0, column: 0, pixels: 0 }));
  for (let i = 0; i < pixels.length; i++) {
    const sum = sums[labels[i] - 1];
    const [row, column] = pointAt(field, pixels[i]);
    sum.row += row;
    sum.column += column;
    sum.pixels++;
  }
  return sums;
}

function toPoints(coordinates: Coordinates): Points {
  const list = [...coordinates];
  const data = sharedFloat64(2 * list.length);
  for (const [index, point] of list.entries()) data.set(point, 2 * index);
  return { shape: [list.length, 2], data };
}
