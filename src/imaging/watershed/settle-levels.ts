import type { IntegerList } from '../integer-list.ts';
import { LevelQueue } from './level-queue.ts';
import { withScratch } from '../scratch.ts';
import type { Surface } from './surface.ts';

/** Visits per pixel after which waves are given up for a queue, and after which that is given up. */
const WAVE_VISITS = 0.25;
const QUEUE_VISITS = 8;

/**
 * Lets water flow on from the pixels of a list until nothing changes. It flows in waves, which is fast as
 * long as little has to flow. Where the way is long (few markers in much noise) levels would rise again and
 * again; so a queue by level takes over. False if that takes too long too.
 */
export function settleLevels(surface: Surface, open: IntegerList): boolean {
  const area = surface.size.rows * surface.size.columns;
  const rest = flowInWaves(surface, open, WAVE_VISITS * area);
  return rest.length === 0 || flowByLevel(surface, rest, QUEUE_VISITS * area);
}

/** Returns the pixels from which water has still to flow when the budget of visits is spent. */
function flowInWaves(surface: Surface, open: IntegerList, budget: number): Int32Array {
  if (open.length > budget) return open.items();
  // A visit leads to at most four pixels of the next wave. Arrays of the same size fit every image of this size.
  const capacity = Math.ceil(4 * budget);
  return withScratch((scratch) => {
    const waves = [scratch.int32(capacity), scratch.int32(capacity)] as const;
    return sendWaves(surface, open, budget, waves);
  });
}

/** Sends a wave from each to the next of two arrays in turn, until the budget is spent: what the last one left. */
function sendWaves(
  { stride, heights, levels }: Surface,
  open: IntegerList,
  budget: number,
  [first, second]: readonly [Int32Array, Int32Array],
): Int32Array {
  const directions = Int32Array.of(-stride, -1, 1, stride);
  let [wave, next] = [first, second];
  wave.set(open.items());
  let count = open.length;
  for (let left = budget - count; count > 0 && left >= 0; left -= count) {
    let found = 0;
    for (let n = 0; n < count; n++) {
      const level = levels[wave[n]];
      for (let direction = 0; direction < 4; direction++) {
        const other = wave[n] + directions[direction];
        const before = levels[other];
        if (before >= level) continue;
        const height = heights[other];
        if (before >= height) continue;
        levels[other] = level < height ? level : height;
        next[found++] = other;
      }
    }
    [wave, next] = [next, wave];
    count = found;
  }
  return wave.slice(0, count);
}

/**
 * The same in the order of levels, the highest first, so that most pixels get their final level at once:
 * delta-stepping, Meyer and Sanders, Journal of Algorithms 49 (2003). False if the budget is spent.
 */
function flowByLevel(
  { stride, heights, levels }: Surface,
  open: Int32Array,
  budget: number,
): boolean {
  const directions = Int32Array.of(-stride, -1, 1, stride);
  const queue = new LevelQueue(open, levels);
  let left = budget;
  for (let pixel = queue.take(); pixel >= 0; pixel = queue.take()) {
    if (--left < 0) return false;
    const level = levels[pixel];
    for (let direction = 0; direction < 4; direction++) {
      const other = pixel + directions[direction];
      const before = levels[other];
      if (before >= level || before >= heights[other]) continue;
      levels[other] = level < heights[other] ? level : heights[other];
      queue.put(other);
    }
  }
  return true;
}
