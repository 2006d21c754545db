import { BINS, clipHistogram } from './clip-histogram.ts';
import { GREY_LEVELS } from './grey-levels.ts';
import type { PlaneSize } from '../plane.ts';
import { reflectIndices } from '../reflect.ts';

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
  const pixels = down.length * across.length;
  const limit = Math.trunc(Math.max(CLIP_LIMIT * pixels, 1));
  const histograms = new Int32Array(HISTOGRAMS * BINS);
  const histogram = histograms.subarray(0, BINS);
  const mappings = new Float32Array(down.regions * across.regions * BINS);
  for (let region = 0; region < down.regions * across.regions; region++) {
    histograms.fill(0);
    const column = region % across.regions;
    countRegion(bins, size, { grid, row: (region - column) / across.regions, column, histograms });
    for (let bin = 0; bin < BINS; bin++) {
      histogram[bin] +=
        histograms[bin + BINS] + histograms[bin + 2 * BINS] + histograms[bin + 3 * BINS];
    }
    clipHistogram(histogram, limit);
    cumulate(histogram, pixels, mappings.subarray(region * BINS, (region + 1) * BINS));
  }
  return mappings;
}

interface Region {
  readonly grid: RegionGrid;
  readonly row: number;
  readonly column: number;
  readonly histograms: Int32Array;
}

function countRegion(bins: Uint8Array, { columns }: PlaneSize, region: Region): void {
  const { down, across } = region.grid;
  const { histograms } = region;
  const left = region.column * across.length;
  const right = left + across.length;
  const inside = Math.min(right, columns);
  const top = region.row * down.length;
  for (let y = top; y < top + down.length; y++) {
    const start = down.source[y] * columns;
    let i = start + left;
    for (; i < start + inside - 3; i += 4) {
      histograms[bins[i]] += 1;
      histograms[BINS + bins[i + 1]] += 1;
      histograms[2 * BINS + bins[i + 2]] += 1;
      histograms[3 * BINS + bins[i + 3]] += 1;
    }
    for (; i < start + inside; i++) histograms[bins[i]] += 1;
    for (let x = inside; x < right; x++) histograms[bins[start + across.source[x]]] += 1;
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
