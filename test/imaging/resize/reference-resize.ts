import type { PlaneSize } from '../../../src/imaging/plane.ts';
import { gaussianWeights } from '../../../src/imaging/watershed/gaussian.ts';

/* The definition written down as plainly as can be: what the kernels are compared with. */

const { floor, fround, max, min } = Math;

/** Values by row, column and channel. */
type Pixels = (y: number, x: number, c: number) => number;

export interface Item extends PlaneSize {
  readonly channels: number;
  readonly data: ArrayLike<number>;
}

function pixelsOf({ columns, channels, data }: Item): Pixels {
  return (y, x, c) => data[(y * columns + x) * channels + c] ?? NaN;
}

/** The values of a new item, row by row. */
function build(
  [rows, columns]: readonly [number, number],
  channels: number,
  pixel: Pixels,
): number[] {
  return Array.from({ length: rows * columns * channels }, (_, at) => {
    const place = floor(at / channels);
    return pixel(floor(place / columns), place % columns, at % channels);
  });
}

/** The trap of §5: the item is squeezed, and a single row becomes a single column. */
function squeezed(item: Item): Item {
  return item.rows === 1 && item.channels === 1
    ? { ...item, rows: item.columns, columns: item.rows }
    : item;
}

/** §5.1 */
export function linear(item: Item, size: readonly [number, number]): number[] {
  const from = squeezed(item);
  const { rows, columns } = from;
  const pixel = pixelsOf(from);
  const place = (k: number, n: number, d: number): [s: number, w: number] => {
    const c = fround((k + 0.5) * (1 / (d / n)) - 0.5);
    return [floor(c), fround(c - floor(c))];
  };
  const mix = (a: number, b: number, w: number): number =>
    fround(fround(a * fround(1 - w)) + fround(b * w));
  const across = (y: number, k: number): number => {
    let [s, w] = place(k, columns, size[1]);
    if (s < 0) [s, w] = [0, 0];
    if (s >= columns - 1) [s, w] = [columns - 1, 0];
    return mix(pixel(y, s, 0), pixel(y, min(s + 1, columns - 1), 0), w);
  };
  const inside = (y: number): number => min(max(y, 0), rows - 1);
  return build(size, 1, (y, x) => {
    const [s, w] = place(y, rows, size[0]);
    return mix(across(inside(s), x), across(inside(s + 1), x), w);
  });
}

/** §5.3 */
export function antiAliased(item: Item, size: readonly [number, number]): number[] {
  const { rows, columns, channels } = item;
  const smooth = smoothed(item, [rows / size[0], columns / size[1]]);
  const pixel = pixelsOf({ ...item, data: smooth });
  const framed: Pixels = (y, x, c) =>
    y < 0 || x < 0 || y >= rows || x >= columns ? 0 : pixel(y, x, c);
  const out = build(size, channels, (y, x, c) => {
    const cy = (y + 0.5) * (rows / size[0]) - 0.5;
    const cx = (x + 0.5) * (columns / size[1]) - 0.5;
    const [sy, sx] = [floor(cy), floor(cx)];
    const [wy, wx] = [cy - sy, cx - sx];
    let sum = framed(sy, sx, c) * ((1 - wy) * (1 - wx));
    sum += framed(sy, sx + 1, c) * ((1 - wy) * wx);
    sum += framed(sy + 1, sx, c) * (wy * (1 - wx));
    sum += framed(sy + 1, sx + 1, c) * (wy * wx);
    return fround(sum);
  });
  const real = Array.from(item.data).filter((value) => !Number.isNaN(value));
  let [lo, hi] = [min(...real), max(...real)];
  const made = out.filter((value) => !Number.isNaN(value));
  if ((lo > 0 || hi < 0) && min(...made) <= 0 && max(...made) >= 0) {
    [lo, hi] = [min(lo, 0), max(hi, 0)];
  }
  return out.map((value) => min(max(value, lo), hi));
}

function smoothed(item: Item, [down, across]: readonly [number, number]): Float32Array {
  const { rows, columns, channels } = item;
  let data = Float32Array.from(item.data);
  for (const axis of [0, 1]) {
    const sigma = max(0, ((axis === 0 ? down : across) - 1) / 2);
    if (sigma <= 1e-15) continue;
    const weights = gaussianWeights(sigma);
    const pixel = pixelsOf({ ...item, data });
    const at: Pixels = (y, x, c) =>
      y < 0 || x < 0 || y >= rows || x >= columns ? 0 : pixel(y, x, c);
    const values = build([rows, columns], channels, (y, x, c) => {
      let sum = at(y, x, c) * (weights[0] ?? NaN);
      for (let j = weights.length - 1; j > 0; j--) {
        const pair =
          axis === 0 ? at(y - j, x, c) + at(y + j, x, c) : at(y, x - j, c) + at(y, x + j, c);
        sum += pair * (weights[j] ?? NaN);
      }
      return sum;
    });
    data = Float32Array.from(values);
  }
  return data;
}

/** §5.2 */
export function nearestCorner(item: Item, size: readonly [number, number]): number[] {
  const from = squeezed(item);
  const pixel = pixelsOf(from);
  const source = (k: number, n: number, d: number): number => min(floor(k * (1 / (d / n))), n - 1);
  return build(size, 1, (y, x) =>
    pixel(source(y, from.rows, size[0]), source(x, from.columns, size[1]), 0),
  );
}

/** §5.4 */
export function nearestCentre(item: Item, size: readonly [number, number]): number[] {
  const pixel = pixelsOf(item);
  const source = (k: number, n: number, d: number): number =>
    floor((k + 0.5) * (n / d) - 0.5 + 0.5);
  return build(size, item.channels, (y, x, c) =>
    pixel(source(y, item.rows, size[0]), source(x, item.columns, size[1]), c),
  );
}
