import { bitsOf, INFINITE, keyOf, LOWEST, orderedKey } from './ordered-bits.ts';
import type { PlaneSize } from './plane.ts';
import type { Scratch } from './scratch.ts';

/** Visits per pixel after which the propagation is given up. */
const VISITS_PER_PIXEL = 8;

/** A landscape upside down, high values are flooded first, and where water enters it. */
export interface Landscape {
  readonly plane: Float32Array;
  readonly size: PlaneSize;
  /** Only pixels with greater values take part; a float32 value. */
  readonly threshold: number;
  /** Labels, positive where water enters. */
  readonly markers: Int32Array;
}

/**
 * Levels at which the pixels of a landscape are flooded. The rows are one pixel longer than those of the landscape, and there is one
 * above and one below, so that every pixel has four neighbours. Heights and levels are `orderedKey`s, and `LOWEST` for what takes
 * no part.
 */
export interface FloodedSurface {
  readonly size: PlaneSize;
  /** Distance between vertical neighbours; also where pixel (0, 0) stands. */
  readonly stride: number;
  readonly heights: Int32Array;
  readonly levels: Int32Array;
  /** The labels of the markers that take part, 0 elsewhere. */
  readonly markers: Int32Array;
  /** False if the levels were given up because water found its way too slowly. */
  readonly complete: boolean;
}

/**
 * Floods a landscape from its markers: the level of a pixel is its height, or the highest level among its four neighbours if that is
 * lower. This is the grayscale reconstruction of the markers under the landscape, by Vincent's hybrid algorithm: two scans, and a queue
 * for what they leave (IEEE Trans. Image Processing 2, 1993). The arrays are scratch arrays.
 */
export function floodSurface(landscape: Landscape, scratch: Scratch): FloodedSurface {
  const { size } = landscape;
  const stride = size.columns + 1;
  const length = (size.rows + 2) * stride;
  const layout = {
    size,
    stride,
    heights: scratch.int32(length).fill(LOWEST),
    levels: scratch.int32(length).fill(LOWEST),
    markers: scratch.int32(length).fill(0),
  };
  scanForwards(landscape, layout);
  const [wave, next] = [scratch.int32(length), scratch.int32(length)];
  const count = scanBackwards(layout, wave);
  return { ...layout, complete: settleLevels(layout, count, [wave, next]) };
}

type Layout = Omit<FloodedSurface, 'complete'>;

/** Fills in the heights, and the levels as far as water flows to the right and downwards. */
function scanForwards(
  { plane, threshold, markers }: Landscape,
  { size, stride, heights, levels, markers: placed }: Layout,
): void {
  const bits = bitsOf(plane);
  const bound = keyOf(threshold);
  for (let row = 0; row < size.rows; row++) {
    let source = row * size.columns;
    let left = LOWEST;
    const start = (row + 1) * stride;
    for (let i = start; i < start + size.columns; i++, source++) {
      const height = orderedKey(bits[source]);
      if (height <= bound || height > INFINITE) {
        left = LOWEST;
        continue;
      }
      let level = height;
      if (markers[source] > 0) {
        placed[i] = markers[source];
      } else {
        const above = levels[i - stride];
        const incoming = above > left ? above : left;
        if (incoming < height) level = incoming;
      }
      heights[i] = height;
      levels[i] = level;
      left = level;
    }
  }
}

/** Lets water flow to the left and upwards. Collects the pixels from which it can still flow on, and returns their number. */
function scanBackwards({ size, stride, heights, levels }: Layout, open: Int32Array): number {
  let count = 0;
  for (let row = size.rows; row > 0; row--) {
    const start = row * stride;
    let right = LOWEST;
    let rightHeight = LOWEST;
    for (let i = start + size.columns - 1; i >= start; i--) {
      const height = heights[i];
      let level = levels[i];
      if (height !== LOWEST) {
        const below = levels[i + stride];
        const incoming = right > below ? right : below;
        if (incoming > level) {
          level = incoming < height ? incoming : height;
          levels[i] = level;
        }
        const flowsRight = right < level && right < rightHeight;
        if (flowsRight || (below < level && below < heights[i + stride])) open[count++] = i;
      }
      right = level;
      rightHeight = height;
    }
  }
  return count;
}

/** Lets water flow until nothing changes, in waves from the pixels collected; false if that takes too long. */
function settleLevels(
  { size, stride, heights, levels }: Layout,
  open: number,
  buffers: readonly [Int32Array, Int32Array],
): boolean {
  const directions = Int32Array.of(-stride, -1, 1, stride);
  let budget = VISITS_PER_PIXEL * size.rows * size.columns;
  let [wave, next] = buffers;
  let count = open;
  while (count > 0) {
    budget -= count;
    if (budget < 0) return false;
    let found = 0;
    for (let n = 0; n < count; n++) {
      const pixel = wave[n];
      const level = levels[pixel];
      for (let direction = 0; direction < 4; direction++) {
        const other = pixel + directions[direction];
        const before = levels[other];
        if (before >= level) continue;
        const height = heights[other];
        if (before >= height) continue;
        levels[other] = level < height ? level : height;
        next[found++] = other;
      }
    }
    // A pixel may be met several times in a wave.
    if (found > next.length) return false;
    [wave, next] = [next, wave];
    count = found;
  }
  return true;
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
