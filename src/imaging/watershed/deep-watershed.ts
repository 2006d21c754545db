import { KnownError } from '../../errors.ts';
import { type Labels, type NdArray, sharedInt32 } from '../array.ts';
import { type Components, labelComponents } from './connected-components.ts';
import { smoothPlane } from './gaussian.ts';
import { markHMaxima } from './h-maxima/h-maxima.ts';
import { localMaxima } from './local-maxima.ts';
import { maximumFilter } from './maximum-filter.ts';
import type { PlaneSize } from '../plane.ts';
import { type Channel, refineLabels } from './refine-labels.ts';
import { type Scratch, withScratch } from '../scratch.ts';
import type { Markers } from './surface.ts';
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
export function deepWatershed(input: DeepWatershedInput): Labels {
  return deepWatersheds([input]);
}

/**
 * Labels several kinds of objects of the same images, each in a channel of its own: the labels of each are 1..n.
 *
 * @returns int32 `[batch, row, column, kind]`.
 */
export function deepWatersheds(inputs: readonly DeepWatershedInput[]): Labels {
  const [batches = 0, rows = 0, columns = 0] = inputs[0]?.maxima.shape ?? [];
  const step = inputs.length;
  const area = rows * columns;
  for (const { maxima, interior } of inputs)
    checkShapes([batches, rows, columns], maxima.shape, interior.shape);
  const data = sharedInt32(batches * area * step);
  for (let plane = 0; plane < batches * step; plane++) {
    const [batch, kind] = [Math.floor(plane / step), plane % step];
    withScratch((scratch) => {
      const { maxima, interior, ...options } = inputs[kind];
      const settings = { ...DEFAULTS, ...options };
      const item = data.subarray(batch * area * step, (batch + 1) * area * step);
      const labels = step === 1 ? item : scratch.int32(area);
      const centres = takePlane(maxima, batch, settings.maximaChannel, scratch);
      const bodies = takePlane(interior, batch, settings.interiorChannel, scratch);
      const channel = { data: item, start: kind, step };
      labelPlane(centres, bodies, { rows, columns }, settings, { labels, channel });
    });
  }
  return { shape: [batches, rows, columns, step], data };
}

function checkShapes(
  size: readonly number[],
  maxima: readonly number[],
  interior: readonly number[],
): void {
  const fits = (shape: readonly number[]): boolean =>
    (shape.length === 3 || shape.length === 4) &&
    [0, 1, 2].every((axis) => shape[axis] === size[axis]);
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

/** Labels one item in `labels`, which have any contents, and writes the result to a channel of zeros. */
function labelPlane(
  maxima: Float32Array,
  interior: Float32Array,
  size: PlaneSize,
  settings: Settings,
  { labels, channel }: { readonly labels: Int32Array; readonly channel: Channel },
): void {
  withScratch((scratch) => {
    const centres = smoothed(maxima, size, settings.maximaSmooth, scratch);
    const marks = markCentres(centres, size, settings, scratch);
    if (marks.pixels.length === 0) return;
    const smooth = smoothed(interior, size, settings.interiorSmooth, scratch);
    const plane = expanded(smooth, size, settings.pixelExpansion, scratch);
    const threshold = Math.fround(settings.interiorThreshold);
    const { markers, greatest } = markersAbove(marks, plane, threshold);
    if (greatest === 0) return;
    floodLabels({ plane, size, threshold, markers }, labels);
    refineLabels(labels, size, settings, { greatest, channel });
  });
}

/** The markers from which labels grow, renumbered: those with a pixel above the threshold. */
function markersAbove(
  { pixels, labels, count }: Components,
  plane: Float32Array,
  threshold: number,
): { readonly markers: Markers; readonly greatest: number } {
  const numbers = new Int32Array(count + 1);
  let kept = 0;
  for (let i = 0; i < pixels.length; i++) {
    if (!(plane[pixels[i]] > threshold)) continue;
    pixels[kept] = pixels[i];
    labels[kept++] = labels[i];
    numbers[labels[i]] = 1;
  }
  let greatest = 0;
  for (let label = 1; label <= count; label++) {
    if (numbers[label] === 1) numbers[label] = ++greatest;
  }
  for (let i = 0; i < kept; i++) labels[i] = numbers[labels[i]];
  const markers = { pixels: pixels.subarray(0, kept), labels: labels.subarray(0, kept) };
  return { markers, greatest };
}

/** Finds the markers, numbered in raster order. The arrays are scratch arrays. */
function markCentres(
  plane: Float32Array,
  size: PlaneSize,
  { radius, maximaThreshold, maximaAlgorithm }: Settings,
  scratch: Scratch,
): Components {
  const marks = scratch.bytes(plane.length).fill(0);
  if (maximaAlgorithm === 'h_maxima') {
    markHMaxima(plane, size, { h: maximaThreshold, radius }, marks);
  } else {
    const options = { minimumDistance: radius, threshold: maximaThreshold, border: 0 };
    for (const pixel of localMaxima(plane, size, options)) marks[pixel] = 1;
  }
  return labelComponents(marks, size, scratch);
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
