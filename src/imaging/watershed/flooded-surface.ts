import { type Band, type BandArena, withBands } from './bands.ts';
import { IntegerList } from '../integer-list.ts';
import { HIGHEST, keyOf, LOWEST } from '../ordered-bits.ts';
import type { PlaneSize } from '../plane.ts';
import type { Scratch } from '../scratch.ts';
import { settleLevels } from './settle-levels.ts';
import type { FloodedSurface, Markers, Surface } from './surface.ts';

/** An image whose highest values are flooded first, and the markers from which. */
export interface WatershedInput {
  readonly plane: Float32Array;
  readonly size: PlaneSize;
  /** Only pixels with greater values take part; a float32 value. */
  readonly threshold: number;
  readonly markers: Markers;
}

/** The share of pixels from which water can still flow that is no reason for more scans. */
const FEW_OPEN = 1 / 128;

/** What a scan may leave of them if there is to be another. */
const WORTHWHILE = 3 / 4;

/** The least distance from a row to the next that the kernels can work with, in pixels. */
const LEAST_STRIDE = 4;

/**
 * Floods an image from its markers: the level of a pixel is its height, or the highest level among its
 * four neighbours if that is lower. This is the grayscale reconstruction of the markers under the
 * image, by Vincent's hybrid algorithm: two scans, and a queue for what they leave (IEEE Trans. Image
 * Processing 2, 1993). The scans are repeated as long as they leave much, but much less than before. The
 * arrays are scratch arrays.
 */
export function floodSurface(input: WatershedInput, scratch: Scratch): FloodedSurface {
  const { size } = input;
  const stride = Math.max(size.columns + 1, LEAST_STRIDE);
  const length = (size.rows + 2) * stride;
  const [heights, levels] = [scratch.int32(length), scratch.int32(length)];
  const surface = { size, stride, heights, levels };
  for (const array of [heights, levels]) {
    array.fill(LOWEST, 0, stride);
    array.fill(LOWEST, (size.rows + 1) * stride);
  }
  flowForwards(input, surface);
  let open = flowBackwards(surface);
  let before = Infinity;
  while (open.length > FEW_OPEN * length && open.length < WORTHWHILE * before) {
    before = open.length;
    flowOn(surface);
    open = flowBackwards(surface);
  }
  return { ...surface, complete: settleLevels(surface, open) };
}

/** Markers of an image as those of its surface, in a scratch array. */
export function markersOf(
  { markers, size: { columns } }: WatershedInput,
  { stride }: Surface,
  scratch: Scratch,
): Markers {
  const { pixels, labels } = markers;
  const places = scratch.int32(pixels.length);
  for (let i = 0; i < places.length; i++) {
    const row = (pixels[i] / columns) | 0;
    places[i] = pixels[i] + row * (stride - columns) + stride;
  }
  return { pixels: places, labels };
}

/** Lets water flow on to the right and downwards. */
function flowOn(surface: Surface): void {
  withBands(surface, 2, (bands, arena) => scanBands(surface, bands, arena));
}

function scanBands(
  { stride, heights, levels }: Surface,
  bands: readonly Band[],
  { kernels, band }: BandArena,
): void {
  const [height, level] = [band('lowest'), band('lowest')];
  for (const { start, count } of bands) {
    height.int32.set(heights.subarray(start, start + count), stride);
    level.int32.set(levels.subarray(start - stride, start + count));
    const [from, flooded] = [height, level].map(({ address }) => address + 4 * stride);
    kernels.scanForwards(0, from, flooded, stride, count, LOWEST);
    levels.set(level.int32.subarray(stride, stride + count), start);
  }
}

/** Fills in the heights, and the levels as far as water flows to the right and downwards. */
function flowForwards(input: WatershedInput, surface: Surface): void {
  withBands(surface, 3, (bands, arena) => fillBands(input, surface, bands, arena));
}

function fillBands(
  { plane, threshold, markers: { pixels } }: WatershedInput,
  { size: { columns }, stride, heights, levels }: Surface,
  bands: readonly Band[],
  { kernels, band }: BandArena,
): void {
  const bound = keyOf(threshold);
  const [values, height, level] = [band('not a number'), band('lowest'), band('lowest')];
  let marker = 0;
  for (const { row, rows, start, count } of bands) {
    level.int32.set(levels.subarray(start - stride, start));
    level.int32.fill(LOWEST, stride, stride + count);
    for (; pixels[marker] < (row + rows) * columns; marker++) {
      const down = (pixels[marker] / columns) | 0;
      level.int32[(down - row + 1) * stride + pixels[marker] - down * columns] = HIGHEST;
    }
    for (let down = 0; down < rows; down++) {
      const source = (row + down) * columns;
      values.float32.set(plane.subarray(source, source + columns), (down + 1) * stride);
    }
    const [from, to, flooded] = [values, height, level].map(({ address }) => address + 4 * stride);
    kernels.scanForwards(from, to, flooded, stride, count, bound);
    heights.set(height.int32.subarray(stride, stride + count), start);
    levels.set(level.int32.subarray(stride, stride + count), start);
  }
}

/** Lets water flow to the left and upwards. Collects the pixels from which it can still flow on. */
function flowBackwards(surface: Surface): IntegerList {
  return withBands(surface, 3, (bands, arena) => scanBandsBackwards(surface, bands, arena));
}

function scanBandsBackwards(
  { stride, heights, levels }: Surface,
  bands: readonly Band[],
  { kernels, band, list }: BandArena,
): IntegerList {
  const open = new IntegerList();
  const [height, level, places] = [band('lowest'), band('lowest'), list()];
  for (const { start, count } of bands.toReversed()) {
    for (const [row, source] of [
      [height.int32, heights],
      [level.int32, levels],
    ] as const) {
      row.set(source.subarray(start, start + count + stride));
      row.fill(LOWEST, count + stride, count + stride + LEAST_STRIDE);
    }
    const { address } = places;
    const found = kernels.scanBackwards(
      height.address,
      level.address,
      stride,
      count,
      start,
      address,
    );
    levels.set(level.int32.subarray(0, count), start);
    open.append(places.int32.subarray(0, found));
  }
  return open;
}

/** The four neighbours of a pixel: above, left, right, below. */
export function neighbour(pixel: number, direction: number, stride: number): number {
  switch (direction) {
    case 0:
      return pixel - stride;
    case 1:
      return pixel - 1;
    case 2:
      return pixel + 1;
    default:
      return pixel + stride;
  }
}
