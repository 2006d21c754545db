import { IntegerList } from './integer-list.ts';
import type { PlaneSize } from './plane.ts';
import type { Scratch } from './scratch.ts';

/** Visits per pixel after which the propagation is given up. */
const VISITS_PER_PIXEL = 8;

/** A landscape upside down, high values are flooded first, and where water enters it. */
export interface Landscape {
  readonly plane: Float32Array;
  readonly size: PlaneSize;
  /** Only pixels with greater values take part. */
  readonly threshold: number;
  /** Labels, positive where water enters. */
  readonly markers: Int32Array;
}

/**
 * Levels at which the pixels of a landscape are flooded. The rows are one pixel longer than those of the landscape, and there is one
 * above and one below, so that every pixel has four neighbours. What takes no part stands at `-Infinity`.
 */
export interface FloodedSurface {
  readonly size: PlaneSize;
  /** Distance between vertical neighbours; also where pixel (0, 0) stands. */
  readonly stride: number;
  readonly heights: Float32Array;
  readonly levels: Float32Array;
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
    heights: scratch.float32(length).fill(-Infinity),
    levels: scratch.float32(length).fill(-Infinity),
  };
  scanForwards(landscape, layout);
  const left = scanBackwards(layout);
  return { ...layout, complete: settleLevels(layout, left) };
}

type Layout = Omit<FloodedSurface, 'complete'>;

/** Fills in the heights, and the levels as far as water flows to the right and downwards. */
function scanForwards(
  { plane, threshold, markers }: Landscape,
  { size, stride, heights, levels }: Layout,
): void {
  for (let row = 0; row < size.rows; row++) {
    let source = row * size.columns;
    let left = -Infinity;
    const start = (row + 1) * stride;
    for (let i = start; i < start + size.columns; i++, source++) {
      const height = plane[source];
      if (!(height > threshold)) {
        left = -Infinity;
        continue;
      }
      let level = height;
      if (!(markers[source] > 0)) {
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

/** Lets water flow to the left and upwards; returns the pixels from which it can still flow on. */
function scanBackwards({ size, stride, heights, levels }: Layout): IntegerList {
  const left = new IntegerList();
  for (let row = size.rows; row > 0; row--) {
    const start = row * stride;
    for (let i = start + size.columns - 1; i >= start; i--) {
      const height = heights[i];
      if (height === -Infinity) continue;
      let level = levels[i];
      const right = levels[i + 1];
      const below = levels[i + stride];
      const incoming = right > below ? right : below;
      if (incoming > level) {
        level = incoming < height ? incoming : height;
        levels[i] = level;
      }
      const flowsRight = right < level && right < heights[i + 1];
      if (flowsRight || (below < level && below < heights[i + stride])) left.push(i);
    }
  }
  return left;
}

/** Lets water flow until nothing changes, in waves; false if that takes too long. */
function settleLevels({ size, stride, heights, levels }: Layout, start: IntegerList): boolean {
  const directions = [-stride, -1, 1, stride];
  let budget = VISITS_PER_PIXEL * size.rows * size.columns;
  let wave = start;
  let next = new IntegerList();
  while (wave.length > 0) {
    budget -= wave.length;
    if (budget < 0) return false;
    const pixels = wave.items();
    for (let i = 0; i < pixels.length; i++) {
      const level = levels[pixels[i]];
      for (let direction = 0; direction < 4; direction++) {
        const other = pixels[i] + directions[direction];
        const before = levels[other];
        if (before >= level) continue;
        const height = heights[other];
        if (before >= height) continue;
        levels[other] = level < height ? level : height;
        next.push(other);
      }
    }
    [wave, next] = [next, wave];
    next.length = 0;
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
