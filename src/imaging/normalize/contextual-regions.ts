import { BINS, clipHistogram } from './clip-histogram.ts';
import { GREY_LEVELS } from './grey-levels.ts';
import type { PlaneSize } from '../plane.ts';
import { reflectIndices } from '../reflect.ts';
import { type RowArena, bytesOf, rowsOf, withRows } from '../wasm/row-kernels.ts';

/** Share of a region's pixels that a bin may hold. */
const CLIP_LIMIT = 0.01;
/** Equal neighbours would wait for each other's count in one histogram; so four take turns. */
const HISTOGRAMS = 4;

/** One axis of the grid of contextual regions. */
export interface RegionAxis {
  /** Pixels of a region. */
  readonly length: number;
  readonly regions: number;
  /**
   * The pixel that stands at each place of the regions in a row: the last ones reach beyond the
   * image, by reflection.
   */
  readonly source: Int32Array;
}

/**
 * Regions of `kernel` pixels along an axis of `length` pixels; an eighth of them if `kernel` is
 * null.
 */
export function regionAxis(length: number, kernel: number | null): RegionAxis {
  const size = kernel ?? Math.max(Math.floor(length / 8), 1);
  const before = size >> 1;
  const after = ((size - (length % size)) % size) + Math.ceil(size / 2);
  const regions = (before + length + after) / size - 1;
  const source = reflectIndices(length, before, after);
  return { length: size, regions, source: source.subarray(before, before + regions * size) };
}

/** The contextual regions of a plane. */
export interface RegionGrid {
  readonly down: RegionAxis;
  readonly across: RegionAxis;
}

/**
 * The grey level that each bin becomes in each region, `[row of regions, column of regions, bin]`:
 * the clipped, cumulated histogram.
 */
export function regionMappings(bins: Uint8Array, size: PlaneSize, grid: RegionGrid): Float32Array {
  const { down, across } = grid;
  const mappings = new Float32Array(down.regions * across.regions * BINS);
  const lengths = [across.source.length / 4, across.regions * HISTOGRAMS * BINS].map(Math.ceil);
  withRows(rowsOf(lengths), (arena) => {
    fillMappings(arena, lengths, { bins, columns: size.columns, grid }, mappings);
  });
  return mappings;
}

interface Binned {
  readonly bins: Uint8Array;
  readonly columns: number;
  readonly grid: RegionGrid;
}

/** Makes the mappings of one row of regions after the other, through rows of these lengths. */
function fillMappings(
  { kernels, rowOf }: RowArena,
  lengths: readonly number[],
  { bins, columns, grid: { down, across } }: Binned,
  mappings: Float32Array,
): void {
  const pixels = down.length * across.length;
  const limit = Math.trunc(Math.max(CLIP_LIMIT * pixels, 1));
  const histogram = new Int32Array(BINS);
  const [row, lists] = lengths.map((length) => rowOf(length, 'zero'));
  const line = bytesOf(row, across.source.length);
  for (let band = 0; band < down.regions; band++) {
    lists.int32.fill(0);
    for (let y = band * down.length; y < (band + 1) * down.length; y++) {
      readLine(bins, down.source[y] * columns, across.source, line, columns);
      kernels.countRegions(row.address, across.length, across.regions, lists.address);
    }
    for (let column = 0; column < across.regions; column++) {
      const region = band * across.regions + column;
      addLists(lists.int32, column * HISTOGRAMS * BINS, histogram);
      clipHistogram(histogram, limit);
      cumulate(histogram, pixels, mappings.subarray(region * BINS, (region + 1) * BINS));
    }
  }
}

/** Copies a row of the plane, and what stands beyond it. */
function readLine(
  bins: Uint8Array,
  start: number,
  source: Int32Array,
  line: Uint8Array,
  columns: number,
): void {
  line.set(bins.subarray(start, start + columns));
  for (let x = columns; x < line.length; x++) line[x] = line[source[x]];
}

/** The histogram of a region from its lists. */
function addLists(lists: Int32Array, start: number, histogram: Int32Array): void {
  for (let bin = 0; bin < BINS; bin++) {
    let count = 0;
    for (let list = 0; list < HISTOGRAMS; list++) count += lists[start + list * BINS + bin];
    histogram[bin] = count;
  }
}

function cumulate(histogram: Int32Array, pixels: number, mapping: Float32Array): void {
  const scale = (GREY_LEVELS - 1) / pixels;
  let sum = 0;
  for (let bin = 0; bin < BINS; bin++) {
    sum += histogram[bin];
    mapping[bin] = Math.trunc(Math.min(sum * scale, GREY_LEVELS - 1));
  }
}
