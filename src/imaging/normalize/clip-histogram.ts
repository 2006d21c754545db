/** Bins of a histogram of grey levels. */
export const BINS = 256;

/**
 * Cuts a histogram at a limit and spreads the excess over its bins, in place and in the order of
 * scikit-image.
 */
export function clipHistogram(histogram: Int32Array, limit: number): void {
  let excess = cutOff(histogram, limit);
  const increment = Math.floor(excess / BINS);
  const upper = limit - increment;
  for (let bin = 0; bin < BINS; bin++) {
    if (histogram[bin] >= upper) continue;
    histogram[bin] += increment;
    excess -= increment;
  }
  for (let bin = 0; bin < BINS; bin++) {
    const count = histogram[bin];
    if (count < upper || count >= limit) continue;
    excess += count - limit;
    histogram[bin] = limit;
  }
  while (excess > 0) {
    const left = spread(histogram, limit, excess);
    if (left === excess) return;
    excess = left;
  }
}

/** What was above the limit. */
function cutOff(histogram: Int32Array, limit: number): number {
  let excess = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const over = histogram[bin] - limit;
    if (over <= 0) continue;
    excess += over;
    histogram[bin] = limit;
  }
  return excess;
}

/**
 * Adds 1 here and there, starting from each bin in turn; gives what is left, which may be a little
 * less than 0.
 */
function spread(histogram: Int32Array, limit: number, surplus: number): number {
  let excess = surplus;
  let under = 0;
  for (let bin = 0; bin < BINS; bin++) if (histogram[bin] < limit) under++;
  for (let start = 0; start < BINS && excess > 0; start++) {
    const step = Math.max(1, Math.floor(under / excess));
    for (let bin = start; bin < BINS; bin += step) {
      if (histogram[bin] >= limit) continue;
      histogram[bin] += 1;
      if (histogram[bin] === limit) under--;
      excess -= 1;
    }
  }
  return excess;
}
