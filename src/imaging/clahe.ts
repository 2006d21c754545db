import { reflectIndices } from './reflect.ts';

/*
 * Contrast limited adaptive histogram equalisation: K. Zuiderveld, "Contrast Limited Adaptive Histogram Equalization",
 * Graphics Gems IV (1994), with the grey levels, the clipping and the rounding of scikit-image's `equalize_adapthist`.
 */

const GREY_LEVELS = 16_384;
const BINS = 256;
/** Grey levels in a bin; so only the bins 0 to 252 occur. */
const BIN_WIDTH = 65;
const CLIP_LIMIT = 0.01;
/** Adding and subtracting it rounds a double below 2^51 to the nearest integer, ties to even. */
const ROUND = 2 ** 52;

/** One axis of the grid of contextual regions. */
interface Axis {
  readonly kernel: number;
  readonly regions: number;
  /** The sample that stands at each place of the padded axis. */
  readonly source: Int32Array;
}

/**
 * Equalises a plane of `rows × columns` values from 0 to 1 in place; the result has exactly the range 0 to 1. Regions have `kernel`
 * rows and columns, or an eighth of the plane's if it is null.
 */
export function clahe(
  plane: Float32Array,
  rows: number,
  columns: number,
  kernel: number | null,
): void {
  const bins = greyBins(plane);
  const down = gridAxis(rows, kernel);
  const across = gridAxis(columns, kernel);
  const mappings = regionMappings(bins, columns, down, across);
  const levels = interpolate(bins, { rows, columns, down, across, mappings });
  stretchLevels(levels, plane);
}

function gridAxis(length: number, kernel: number | null): Axis {
  const size = kernel ?? Math.max(Math.floor(length / 8), 1);
  const before = size >> 1;
  const after = ((size - (length % size)) % size) + Math.ceil(size / 2);
  return {
    kernel: size,
    regions: (before + length + after) / size - 1,
    source: reflectIndices(length, before, after),
  };
}

/** The histogram bin of each value: float to 16 bits, stretched to 14 bits, divided into bins. */
function greyBins(plane: Float32Array): Uint8Array {
  const levels = new Uint16Array(plane.length);
  let least = 65_535;
  let greatest = 0;
  for (let i = 0; i < plane.length; i++) {
    const value = Math.fround(plane[i] * 65_535);
    const level = value > 0 ? Math.min(value + ROUND - ROUND, 65_535) : 0;
    levels[i] = level;
    if (level < least) least = level;
    if (level > greatest) greatest = level;
  }
  const binOf = new Uint8Array(65_536);
  for (let level = least; level <= greatest; level++) {
    const grey = ((level - least) / (greatest - least)) * (GREY_LEVELS - 1) + ROUND - ROUND;
    binOf[level] = grey / BIN_WIDTH;
  }
  const bins = new Uint8Array(plane.length);
  for (let i = 0; i < bins.length; i++) bins[i] = binOf[levels[i]];
  return bins;
}

/** The grey level that each bin becomes, for each region: `[row of regions, column of regions, bin]`. */
function regionMappings(bins: Uint8Array, columns: number, down: Axis, across: Axis): Uint16Array {
  const mappings = new Uint16Array(down.regions * across.regions * BINS);
  const histogram = new Int32Array(BINS);
  const pixels = down.kernel * across.kernel;
  const limit = Math.trunc(Math.max(CLIP_LIMIT * pixels, 1));
  for (let i = 0; i < down.regions; i++) {
    for (let j = 0; j < across.regions; j++) {
      histogram.fill(0);
      countRegion(bins, columns, { histogram, down, across, i, j });
      clip(histogram, limit);
      const start = (i * across.regions + j) * BINS;
      equalise(histogram, pixels, mappings.subarray(start, start + BINS));
    }
  }
  return mappings;
}

interface Region {
  readonly histogram: Int32Array;
  readonly down: Axis;
  readonly across: Axis;
  readonly i: number;
  readonly j: number;
}

function countRegion(
  bins: Uint8Array,
  columns: number,
  { histogram, down, across, i, j }: Region,
): void {
  const top = (down.kernel >> 1) + i * down.kernel;
  const left = (across.kernel >> 1) + j * across.kernel;
  for (let y = top; y < top + down.kernel; y++) {
    const row = down.source[y] * columns;
    for (let x = left; x < left + across.kernel; x++) {
      const bin = bins[row + across.source[x]];
      histogram[bin] = histogram[bin] + 1;
    }
  }
}

/** Cuts a histogram at a limit and spreads the excess over all bins, in the order of scikit-image. */
function clip(histogram: Int32Array, limit: number): void {
  let excess = 0;
  for (let k = 0; k < BINS; k++) {
    const over = histogram[k] - limit;
    if (over <= 0) continue;
    excess += over;
    histogram[k] = limit;
  }
  const increment = Math.floor(excess / BINS);
  const upper = limit - increment;
  for (let k = 0; k < BINS; k++) {
    const count = histogram[k];
    if (count >= upper) continue;
    histogram[k] = count + increment;
    excess -= increment;
  }
  for (let k = 0; k < BINS; k++) {
    const count = histogram[k];
    if (count < upper || count >= limit) continue;
    excess += count - limit;
    histogram[k] = limit;
  }
  spread(histogram, limit, excess);
}

function spread(histogram: Int32Array, limit: number, surplus: number): void {
  let excess = surplus;
  while (excess > 0) {
    const before = excess;
    for (let start = 0; start < BINS && excess > 0; start++) {
      let under = 0;
      for (let k = 0; k < BINS; k++) if (histogram[k] < limit) under++;
      const step = Math.max(1, Math.floor(under / excess));
      let added = 0;
      for (let k = start; k < BINS; k += step) {
        if (histogram[k] >= limit) continue;
        histogram[k] = histogram[k] + 1;
        added++;
      }
      excess -= added;
    }
    if (excess === before) return;
  }
}

function equalise(histogram: Int32Array, pixels: number, mapping: Uint16Array): void {
  const scale = (GREY_LEVELS - 1) / pixels;
  let sum = 0;
  for (let k = 0; k < BINS; k++) {
    sum += histogram[k];
    mapping[k] = Math.min(sum * scale, GREY_LEVELS - 1);
  }
}

interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly down: Axis;
  readonly across: Axis;
  readonly mappings: Uint16Array;
}

/** The grey level of each pixel, blended from the mappings of the four regions around it: sums in float32, in this order. */
function interpolate(bins: Uint8Array, grid: Grid): Uint16Array {
  const { rows, columns, down, across, mappings } = grid;
  const levels = new Uint16Array(bins.length);
  const fround = Math.fround;
  const clampedColumn = (j: number): number => Math.min(Math.max(j, 0), across.regions - 1) * BINS;
  for (let y = 0; y < rows; y++) {
    const padded = y + (down.kernel >> 1);
    const block = Math.floor(padded / down.kernel);
    const wy = (padded - block * down.kernel) / down.kernel;
    const iy = 1 - wy;
    const upper = Math.max(block - 1, 0) * across.regions * BINS;
    const lower = Math.min(block, down.regions - 1) * across.regions * BINS;
    for (let x = 0; x < columns;) {
      const start = x + (across.kernel >> 1);
      const j = Math.floor(start / across.kernel);
      const end = Math.min(columns, (j + 1) * across.kernel - (across.kernel >> 1));
      const left = clampedColumn(j - 1);
      const right = clampedColumn(j);
      for (let ox = start - j * across.kernel; x < end; x++, ox++) {
        const wx = ox / across.kernel;
        const ix = 1 - wx;
        const bin = bins[y * columns + x];
        let level = fround(mappings[upper + left + bin] * (ix * iy));
        level = fround(level + fround(mappings[upper + right + bin] * (wx * iy)));
        level = fround(level + fround(mappings[lower + left + bin] * (ix * wy)));
        level = fround(level + fround(mappings[lower + right + bin] * (wx * wy)));
        levels[y * columns + x] = level;
      }
    }
  }
  return levels;
}

function stretchLevels(levels: Uint16Array, plane: Float32Array): void {
  let least = 65_535;
  let greatest = 0;
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i];
    if (level < least) least = level;
    if (level > greatest) greatest = level;
  }
  const width = Math.fround(greatest - least);
  const stretched = new Float32Array(greatest + 1);
  for (let level = least; level <= greatest; level++) {
    stretched[level] = width === 0 ? Math.min(level, 1) : Math.fround(level - least) / width;
  }
  for (let i = 0; i < levels.length; i++) plane[i] = stretched[levels[i]];
}
