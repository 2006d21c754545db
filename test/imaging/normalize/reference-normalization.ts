import type { PlaneSize } from '../../../src/imaging/plane.ts';

/*
 * The definition written down as plainly as can be, without a thought for speed: what the kernels are compared with.
 */

const { fround } = Math;

/** Rounds half to even. */
function rint(value: number): number {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

/** §4.3 */
export function reflectList(length: number, before: number, after: number): number[] {
  let list = Array.from({ length }, (_, index) => index);
  if (length === 1) return new Array<number>(before + 1 + after).fill(0);
  let [left, right] = [before, after];
  while (left > 0 || right > 0) {
    const most = list.length - 1;
    const [a, b] = [Math.min(most, left), Math.min(most, right)];
    const head = list.slice(1, a + 1).reverse();
    const tail = list.slice(list.length - 1 - b, list.length - 1).reverse();
    list = [...head, ...list, ...tail];
    left -= a;
    right -= b;
  }
  return list;
}

/** §4.5 */
export function percentileOf(values: readonly number[], q: number): number {
  if (values.some(Number.isNaN)) return NaN;
  const sorted = values.toSorted((one, other) => one - other);
  const last = sorted.length - 1;
  const position = last * (q / 100);
  const index = Math.floor(position);
  const at = (place: number): number => sorted[place] ?? NaN;
  if (index >= last) return at(last);
  const t = position - index;
  const d = fround(at(index + 1) - at(index));
  return t < 0.5 ? at(index) + d * t : at(index + 1) - d * (1 - t);
}

/** §4.4, of one plane. */
export function thresholdPlane(plane: Float32Array, q: number): Float32Array {
  const values = [...plane].filter((value) => value !== 0);
  if (values.length === 0) return new Float32Array(plane.length);
  const p = fround(percentileOf(values, q));
  return plane.map((value) => (value > p ? p : value));
}

/** §4.1, of one plane. */
export function normalizeHistogram(
  plane: Float32Array,
  size: PlaneSize,
  kernel: number | null,
): Float32Array {
  if (plane.every((value) => value === plane[0])) return new Float32Array(plane.length);
  const [least, greatest] = [Math.min(...plane), Math.max(...plane)];
  const width = fround(greatest - least);
  const stretched = plane.map((value) => fround(fround(value - least) / width));
  const levels = equalised(stretched, size, kernel);
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  return Float32Array.from(levels, (level) =>
    low === high ? Math.min(Math.max(level, 0), 1) : fround(level - low) / fround(high - low),
  );
}

/** §4.2, steps 1 to 11. */
function equalised(
  stretched: Float32Array,
  { rows, columns }: PlaneSize,
  kernel: number | null,
): number[] {
  const kh = kernel ?? Math.max(Math.floor(rows / 8), 1);
  const kw = kernel ?? Math.max(Math.floor(columns / 8), 1);
  const bins = binsOf(stretched);
  const ys = paddedAxis(rows, kh);
  const xs = paddedAxis(columns, kw);
  const nby = ys.length / kh - 1;
  const nbx = xs.length / kw - 1;
  const mapping = (i: number, j: number): number[] => {
    const histogram = new Array<number>(256).fill(0);
    for (let y = 0; y < kh; y++) {
      for (let x = 0; x < kw; x++) {
        const row = ys[(kh >> 1) + i * kh + y] ?? NaN;
        const column = xs[(kw >> 1) + j * kw + x] ?? NaN;
        const bin = bins[row * columns + column] ?? NaN;
        histogram[bin] = (histogram[bin] ?? NaN) + 1;
      }
    }
    return mappingOf(clipped(histogram, Math.trunc(Math.max(0.01 * kh * kw, 1))), kh * kw);
  };
  const inner = Array.from({ length: nby }, (_, i) =>
    Array.from({ length: nbx }, (__, j) => mapping(i, j)),
  );
  const edge = (i: number, j: number): number[] => {
    const row = inner[Math.min(Math.max(i - 1, 0), nby - 1)] ?? [];
    return row[Math.min(Math.max(j - 1, 0), nbx - 1)] ?? [];
  };
  return bins.map((v, pixel) => {
    const py = Math.floor(pixel / columns) + (kh >> 1);
    const px = (pixel % columns) + (kw >> 1);
    const [i, j] = [Math.floor(py / kh), Math.floor(px / kw)];
    const [wy, wx] = [(py % kh) / kh, (px % kw) / kw];
    const [iy, ix] = [1 - wy, 1 - wx];
    const terms = [
      (edge(i, j)[v] ?? NaN) * (ix * iy),
      (edge(i, j + 1)[v] ?? NaN) * (wx * iy),
      (edge(i + 1, j)[v] ?? NaN) * (ix * wy),
      (edge(i + 1, j + 1)[v] ?? NaN) * (wx * wy),
    ];
    return Math.trunc(terms.reduce((sum, term) => fround(sum + fround(term)), 0));
  });
}

/** Steps 1, 2 and 5. NaN becomes 0 when numpy makes it an integer. */
function binsOf(stretched: Float32Array): number[] {
  const u = Array.from(stretched, (value) => {
    const level = rint(fround(value * 65535));
    return Number.isNaN(level) ? 0 : Math.min(Math.max(level, 0), 65535);
  });
  const [lo, hi] = [Math.min(...u), Math.max(...u)];
  return u.map((level) =>
    lo === hi ? 0 : Math.floor(rint(((level - lo) / (hi - lo)) * 16383) / 65),
  );
}

function paddedAxis(length: number, kernel: number): number[] {
  const after = ((kernel - (length % kernel)) % kernel) + Math.ceil(kernel / 2);
  return reflectList(length, kernel >> 1, after);
}

/** Step 7. */
function clipped(histogram: readonly number[], limit: number): number[] {
  let excess = histogram.reduce((sum, h) => sum + Math.max(h - limit, 0), 0);
  const increment = Math.floor(excess / 256);
  const upper = limit - increment;
  const counts = histogram
    .map((h) => Math.min(h, limit))
    .map((h) => {
      if (h >= upper) return h;
      excess -= increment;
      return h + increment;
    });
  counts.forEach((h, bin) => {
    if (h < upper || h >= limit) return;
    excess += h - limit;
    counts[bin] = limit;
  });
  while (excess > 0) {
    const before = excess;
    for (let start = 0; start < 256; start++) {
      const under = counts.filter((h) => h < limit).length;
      const step = Math.max(1, Math.floor(under / excess));
      let added = 0;
      for (let bin = start; bin < 256; bin += step) {
        const h = counts[bin] ?? NaN;
        if (h >= limit) continue;
        counts[bin] = h + 1;
        added++;
      }
      excess -= added;
      if (excess <= 0) break;
    }
    if (excess === before) break;
  }
  return counts;
}

/** Step 8. */
function mappingOf(histogram: readonly number[], pixels: number): number[] {
  const factor = 16383 / pixels;
  let sum = 0;
  return histogram.map((h) => Math.trunc(Math.min((sum += h) * factor, 16383)));
}
