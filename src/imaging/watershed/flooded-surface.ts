import { IntegerList } from '../integer-list.ts';
import { keyOf, LOWEST } from '../ordered-bits.ts';
import type { PlaneSize } from '../plane.ts';
import { type RowArena, withRows } from '../row-kernels.ts';
import type { Scratch } from '../scratch.ts';
import { settleLevels } from './settle-levels.ts';
import type { FloodedSurface, Surface } from './surface.ts';

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
 * Floods a landscape from its markers: the level of a pixel is its height, or the highest level among its
 * four neighbours if that is lower. This is the grayscale reconstruction of the markers under the
 * landscape, by Vincent's hybrid algorithm: two scans, and a queue for what they leave (IEEE Trans. Image
 * Processing 2, 1993). The arrays are scratch arrays.
 */
export function floodSurface(landscape: Landscape, scratch: Scratch): FloodedSurface {
  const { size } = landscape;
  const stride = size.columns + 1;
  const length = (size.rows + 2) * stride;
  const [heights, levels] = [scratch.int32(length), scratch.int32(length)];
  const surface = { size, stride, heights, levels };
  for (const array of [heights, levels]) {
    array.fill(LOWEST, 0, stride);
    array.fill(LOWEST, (size.rows + 1) * stride);
  }
  const open = new IntegerList();
  withRows({ count: 10, width: size.columns }, (arena) => {
    scanForwards(landscape, surface, arena);
    scanBackwards(surface, open, arena);
  });
  return { ...surface, complete: settleLevels(surface, open) };
}

/** Fills in the heights, and the levels as far as water flows to the right and downwards. */
function scanForwards(
  { plane, threshold, markers }: Landscape,
  { size, stride, heights, levels }: Surface,
  { kernels, row: newRow }: RowArena,
): void {
  const bound = keyOf(threshold);
  const [values, labels] = [newRow('not a number'), newRow('zero')];
  const height = newRow('lowest');
  let [above, level] = [newRow('lowest'), newRow('lowest')];
  for (let row = 0; row < size.rows; row++) {
    const source = row * size.columns;
    values.float32.set(plane.subarray(source, source + size.columns));
    labels.int32.set(markers.subarray(source, source + size.columns));
    kernels.scanForwards(
      values.address,
      labels.address,
      above.address,
      size.columns,
      bound,
      height.address,
      level.address,
    );
    const start = (row + 1) * stride;
    heights.set(height.int32, start);
    levels.set(level.int32, start);
    heights[start + size.columns] = LOWEST;
    levels[start + size.columns] = LOWEST;
    [above, level] = [level, above];
  }
}

/** Lets water flow to the left and upwards. Collects the pixels from which it can still flow on. */
function scanBackwards(
  { size, stride, heights, levels }: Surface,
  open: IntegerList,
  { kernels, row: newRow }: RowArena,
): void {
  let below = { height: newRow('lowest'), level: newRow('lowest') };
  let current = { height: newRow('lowest'), level: newRow('lowest') };
  const places = newRow('zero');
  for (let row = size.rows; row > 0; row--) {
    const start = row * stride;
    current.height.int32.set(heights.subarray(start, start + size.columns));
    current.level.int32.set(levels.subarray(start, start + size.columns));
    const found = kernels.scanBackwards(
      current.height.address,
      current.level.address,
      below.height.address,
      below.level.address,
      size.columns,
      places.address,
    );
    levels.set(current.level.int32, start);
    for (let i = 0; i < found; i++) open.push(start + places.int32[i]);
    [below, current] = [current, below];
  }
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
