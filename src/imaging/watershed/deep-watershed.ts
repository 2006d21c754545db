import { KnownError } from '../../errors.ts';
import { type Labels, type NdArray, sharedInt32 } from '../array.ts';
import { labelComponents } from './connected-components.ts';
import { fillHoles } from './fill-holes.ts';
import { smoothPlane } from './gaussian.ts';
import { markHMaxima } from './h-maxima/h-maxima.ts';
import { erodeEdges, relabelSequentially, removeSmallObjects } from './label-operations.ts';
import { localMaxima } from './local-maxima.ts';
import { maximumFilter } from './maximum-filter.ts';
import type { PlaneSize } from '../plane.ts';
import { type Scratch, withScratch } from '../scratch.ts';
import { floodLabels } from './watershed.ts';

export interface DeepWatershedOptions {
  /** Radius of the disk (or half the side of the square) in which markers are maxima, in pixels. Default 10. */
  readonly radius?: number;
  /** How far a marker stands out (h-maxima), or the least value of one (peak_local_max). Default 0.1. */
  readonly maximaThreshold?: number;
  /** Objects are grown over the pixels of the interior above this value. Default 0.01. */
  readonly interiorThreshold?: number;
  /** Standard deviation of the Gaussian that smooths the maxima, in pixels. Default 0: none. */
  readonly maximaSmooth?: number;
  /** The same for the interior. Default 1. */
  readonly interiorSmooth?: number;
  /** Which rule finds the markers. Default `h_maxima`. */
  readonly maximaAlgorithm?: 'h_maxima' | 'peak_local_max';
  /** Channel of the maxima to use. Default 0. */
  readonly maximaChannel?: number;
  /** Channel of the interior to use. Default 0. */
  readonly interiorChannel?: number;
  /** Pixels by which bright parts of the interior are widened before objects are grown. Default 0. */
  readonly pixelExpansion?: number;
  /** Pixels by which labels shrink where they touch something else. Default 0. */
  readonly labelErosion?: number;
  /** Objects with fewer pixels are removed. Default 0. */
  readonly smallObjectsThreshold?: number;
  /** Holes with fewer pixels are filled. Default 0. */
  readonly fillHolesThreshold?: number;
}

export interface DeepWatershedInput extends DeepWatershedOptions {
  /** Where cells have their centres: float32 `[batch, row, column]` or `[batch, row, column, channel]`. */
  readonly maxima: NdArray<Float32Array>;
  /** Where cells are: of the same shape but for the channels. */
  readonly interior: NdArray<Float32Array>;
}

const DEFAULTS = {
  radius: 10,
  maximaThreshold: 0.1,
  interiorThreshold: 0.01,
  maximaSmooth: 0,
  interiorSmooth: 1,
  maximaAlgorithm: 'h_maxima',
  maximaChannel: 0,
  interiorChannel: 0,
  pixelExpansion: 0,
  labelErosion: 0,
  smallObjectsThreshold: 0,
  fillHolesThreshold: 0,
} as const satisfies Required<DeepWatershedOptions>;

type Settings = Required<DeepWatershedOptions>;

/**
 * Labels cells in the output of a model: markers are maxima of one plane, from which labels grow over
 * another, brightest pixels first. Van Valen et al., PLOS Computational Biology 12 (2016); `deep_watershed`
 * of deepcell-toolbox 0.12. Labels of every batch item are 1..n; none if there is no marker. Throws
 * `model_mismatch` if the shapes do not go together.
 *
 * @returns int32 `[batch, row, column, 1]`.
 */
export function deepWatershed({ maxima, interior, ...options }: DeepWatershedInput): Labels {
  const settings = { ...DEFAULTS, ...options };
  const [batches = 0, rows = 0, columns = 0] = maxima.shape;
  checkShapes(maxima.shape, interior.shape);
  const size = { rows, columns };
  const data = sharedInt32(batches * rows * columns);
  for (let batch = 0; batch < batches; batch++) {
    withScratch((scratch) => {
      const labels = data.subarray(batch * rows * columns, (batch + 1) * rows * columns);
      const centres = takePlane(maxima, batch, settings.maximaChannel, scratch);
      const bodies = takePlane(interior, batch, settings.interiorChannel, scratch);
      labelPlane(centres, bodies, size, settings, labels);
    });
  }
  return { shape: [batches, rows, columns, 1], data };
}

function checkShapes(maxima: readonly number[], interior: readonly number[]): void {
  const fits = (shape: readonly number[]): boolean =>
    (shape.length === 3 || shape.length === 4) &&
    [0, 1, 2].every((axis) => shape[axis] === maxima[axis]);
  if (fits(maxima) && fits(interior)) return;
  throw new KnownError(
    'model_mismatch',
    'deep_watershed needs two outputs [batch, row, column, channel] of equal size, not ' +
      `${maxima.join(' × ')} and ${interior.join(' × ')}.`,
  );
}

/** One channel of one batch item, without a copy if it is the only channel. */
function takePlane(
  { shape, data }: NdArray<Float32Array>,
  batch: number,
  channel: number,
  scratch: Scratch,
): Float32Array {
  const [, rows = 0, columns = 0, channels = 1] = shape;
  const length = rows * columns;
  const start = batch * length * channels;
  if (channels === 1) return data.subarray(start, start + length);
  const plane = scratch.float32(length);
  for (let i = 0; i < length; i++) plane[i] = data[start + i * channels + channel];
  return plane;
}

function labelPlane(
  maxima: Float32Array,
  interior: Float32Array,
  size: PlaneSize,
  settings: Settings,
  labels: Int32Array,
): void {
  withScratch((scratch) => {
    const centres = smoothed(maxima, size, settings.maximaSmooth, scratch);
    const count = markCentres(centres, size, settings, labels);
    if (count === 0) return;
    const smooth = smoothed(interior, size, settings.interiorSmooth, scratch);
    const plane = expanded(smooth, size, settings.pixelExpansion, scratch);
    const threshold = Math.fround(settings.interiorThreshold);
    floodLabels({ plane, size, threshold, markers: labels }, labels);
    refineLabels(labels, size, count, settings);
  });
}

/** @param count The greatest label. */
function refineLabels(
  labels: Int32Array,
  size: PlaneSize,
  count: number,
  { labelErosion, smallObjectsThreshold, fillHolesThreshold }: Settings,
): void {
  if (labelErosion > 0) erodeEdges(labels, size, labelErosion);
  if (smallObjectsThreshold > 0) removeSmallObjects(labels, smallObjectsThreshold, count);
  if (fillHolesThreshold > 0) fillHoles(labels, size, fillHolesThreshold, count);
  relabelSequentially(labels, count);
}

/** Numbers the markers in raster order; returns how many there are. */
function markCentres(
  plane: Float32Array,
  size: PlaneSize,
  { radius, maximaThreshold, maximaAlgorithm }: Settings,
  labels: Int32Array,
): number {
  return withScratch((scratch) => {
    const marks = scratch.bytes(plane.length).fill(0);
    if (maximaAlgorithm === 'h_maxima') {
      markHMaxima(plane, size, { h: maximaThreshold, radius }, marks);
    } else {
      const options = { minimumDistance: radius, threshold: maximaThreshold, border: 0 };
      for (const pixel of localMaxima(plane, size, options)) marks[pixel] = 1;
    }
    return labelComponents(marks, size, labels);
  });
}

function smoothed(
  plane: Float32Array,
  size: PlaneSize,
  sigma: number,
  scratch: Scratch,
): Float32Array {
  if (sigma === 0) return plane;
  const output = scratch.float32(plane.length);
  smoothPlane(plane, size, { sigma: [sigma, sigma], outside: 'mirror' }, output);
  return output;
}

function expanded(
  plane: Float32Array,
  size: PlaneSize,
  radius: number,
  scratch: Scratch,
): Float32Array {
  if (radius === 0) return plane;
  const output = scratch.float32(plane.length);
  maximumFilter(plane, size, { radius, outside: -Infinity }, output);
  return output;
}
