import type { Image } from '../../../src/imaging/array.ts';
import type { PadMode } from '../../../src/imaging/tiling/tiling.ts';
import { reflectList } from '../normalize/reference-normalization.ts';

/* The definition written down as plainly as can be: what the kernels are compared with. */

interface Axis {
  readonly length: number;
  readonly tile: number;
  readonly stride: number;
  readonly count: number;
  readonly before: number;
  readonly after: number;
}

/** An axis shorter than the model is padded by reflection, whatever the mode of the others. */
function axisOf(length: number, tile: number, ratio: number): Axis {
  if (length < tile) {
    const before = Math.floor((tile - length) / 2);
    return { length, tile, stride: tile, count: 1, before, after: tile - length - before };
  }
  const stride = Math.min(2 * Math.ceil((ratio * tile) / 2), tile);
  const count = Math.max(Math.ceil((length - tile) / stride + 1), 1);
  const over = tile + stride * (count - 1) - length;
  return { length, tile, stride, count, before: Math.ceil(over / 2), after: Math.floor(over / 2) };
}

export interface Tiling {
  readonly image: Image;
  readonly model: readonly [number, number];
  readonly padMode: PadMode;
  readonly ratio: number;
}

function axes({ image, model, ratio }: Tiling): [rows: Axis, columns: Axis] {
  const [, rows = 0, columns = 0] = image.shape;
  return [axisOf(rows, model[0], ratio), axisOf(columns, model[1], ratio)];
}

/** All tiles, each `[row, column, channel]`. */
export function tilesOf(tiling: Tiling): Float32Array[] {
  const { image, padMode } = tiling;
  const [batches = 0, height = 0, width = 0, channels = 0] = image.shape;
  const [rows, columns] = axes(tiling);
  const place = ({ length, before, after, tile }: Axis): number[] =>
    padMode === 'reflect' || length < tile
      ? reflectList(length, before, after)
      : Array.from({ length: before + length + after }, (_, at) => at - before);
  const [ys, xs] = [place(rows), place(columns)];
  const tiles: Float32Array[] = [];
  for (let b = 0; b < batches; b++) {
    for (let i = 0; i < rows.count; i++) {
      for (let j = 0; j < columns.count; j++) {
        const values: number[] = [];
        for (let y = 0; y < rows.tile; y++) {
          for (let x = 0; x < columns.tile; x++) {
            for (let c = 0; c < channels; c++) {
              const row = ys[i * rows.stride + y] ?? NaN;
              const column = xs[j * columns.stride + x] ?? NaN;
              const inside = row >= 0 && row < height && column >= 0 && column < width;
              const at = ((b * height + row) * width + column) * channels + c;
              values.push(inside ? (image.data[at] ?? NaN) : 0);
            }
          }
        }
        tiles.push(Float32Array.from(values));
      }
    }
  }
  return tiles;
}

function windowOf({ tile, stride, count }: Axis, index: number): number[] {
  const overlap = tile - stride;
  const taper = Array.from({ length: overlap }, (_, at) => {
    const [k, m] = [at + 1, 2 * overlap];
    const u = (2 * k - 1) / m;
    return k <= Math.trunc(m / 4) ? (2 * u) ** 2 / 2 : 1 - (2 * (u - 1)) ** 2 / 2;
  });
  const scaled = taper.map((value) => value / (taper.at(-1) ?? NaN));
  return Array.from({ length: tile }, (_, x) => {
    const right = tile - 1 - x;
    const left = index > 0 ? scaled[x] : undefined;
    return left ?? (index < count - 1 ? scaled[right] : undefined) ?? 1;
  });
}

/** One channel of tiles of an output, put together again: `[batch, row, column]`. */
export function untiled(tiling: Tiling, tiles: readonly Float32Array[]): Float32Array {
  const [batches = 0] = tiling.image.shape;
  const [rows, columns] = axes(tiling);
  const height = rows.before + rows.length + rows.after;
  const width = columns.before + columns.length + columns.after;
  const blend = rows.tile >= 32 && columns.tile >= 32 && rows.tile < height && columns.tile < width;
  const sums = new Float64Array(batches * height * width);
  tiles.forEach((tile, index) => {
    const j = index % columns.count;
    const i = Math.floor(index / columns.count) % rows.count;
    const b = Math.floor(index / columns.count / rows.count);
    const [wy, wx] = [windowOf(rows, i), windowOf(columns, j)];
    tile.forEach((value, at) => {
      const [y, x] = [Math.floor(at / columns.tile), at % columns.tile];
      const to = (b * height + i * rows.stride + y) * width + j * columns.stride + x;
      if (blend) sums[to] = (sums[to] ?? NaN) + value * ((wy[y] ?? NaN) * (wx[x] ?? NaN));
      else sums[to] = value;
    });
  });
  const cropped = [...sums].filter((_, at) => {
    const [y, x] = [Math.floor(at / width) % height, at % width];
    const [row, column] = [y - rows.before, x - columns.before];
    return row >= 0 && row < rows.length && column >= 0 && column < columns.length;
  });
  return Float32Array.from(cropped);
}
