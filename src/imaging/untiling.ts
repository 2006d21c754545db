import { sharedFloat32, sharedFloat64 } from './array.ts';
import type { TilePlan, TiledAxis } from './tiling.ts';

/** One output of a model on its way back into a whole image. Plain data in shared memory. */
export interface Canvas {
  /** The channels of the output that are kept. */
  readonly channels: readonly number[];
  /** Channels that the output has. */
  readonly depth: number;
  /** `[batch, row, column, kept channel]`, float32. */
  readonly data: Float32Array;
  /** Sums of the padded rows that the next row of tiles overlaps, `[row, column, kept channel]`, float64. */
  readonly carry: Float64Array;
}

/** An empty canvas for an output of `depth` channels. */
export function openCanvas(plan: TilePlan, depth: number, channels: readonly number[]): Canvas {
  const { batches, rows, columns } = plan;
  return {
    channels,
    depth,
    data: sharedFloat32(batches * rows.length * columns.length * channels.length),
    carry: sharedFloat64(Math.max(rows.tile - rows.stride, 0) * columns.padded * channels.length),
  };
}

interface Blend {
  readonly plan: TilePlan;
  readonly canvas: Canvas;
  /** Rows of tiles, counted over all batch items; given in order, each once. */
  readonly firstRow: number;
  readonly rowCount: number;
  /** `[tile, row, column, channel]`, float32. */
  readonly tiles: Float32Array;
}

/** Tiles are blended only if there are at least two along both axes and they are not tiny; else later ones overwrite. */
const LEAST_BLENDED = 32;

/**
 * Puts rows of tiles onto a canvas. Where tiles overlap they are weighted by tapers and summed in double precision, in the order of the tiles; the
 * tapers of two neighbours sum to a little more than 1, and so do the results (SCIENCE: a property of the reference that thresholds see).
 */
export function blendTiles({ plan, canvas, firstRow, rowCount, tiles }: Blend): void {
  const { rows, columns } = plan;
  const kept = canvas.channels.length;
  const band = new Float64Array(rows.tile * columns.padded * kept);
  const rowOfTiles = columns.count * rows.tile * columns.tile * canvas.depth;
  for (let index = 0; index < rowCount; index++) {
    const tileRow = (firstRow + index) % rows.count;
    band.fill(0);
    if (tileRow > 0) band.set(canvas.carry);
    addRow({
      plan,
      canvas,
      band,
      tileRow,
      tiles: tiles.subarray(index * rowOfTiles, (index + 1) * rowOfTiles),
    });
    const batch = Math.floor((firstRow + index) / rows.count);
    const done = tileRow === rows.count - 1 ? rows.tile : rows.stride;
    finishRows({ plan, canvas, band, batch, top: tileRow * rows.stride, done });
    if (tileRow < rows.count - 1)
      canvas.carry.set(band.subarray(rows.stride * columns.padded * kept));
  }
}

interface RowOfTiles {
  readonly plan: TilePlan;
  readonly canvas: Canvas;
  readonly band: Float64Array;
  readonly tileRow: number;
  readonly tiles: Float32Array;
}

function addRow({ plan, canvas, band, tileRow, tiles }: RowOfTiles): void {
  const { rows, columns } = plan;
  const { channels, depth } = canvas;
  const blended = isBlended(rows) && isBlended(columns);
  const down = taper(rows, tileRow);
  const kept = channels.length;
  for (let column = 0; column < columns.count; column++) {
    const across = taper(columns, column);
    for (let y = 0; y < rows.tile; y++) {
      const source = (column * rows.tile + y) * columns.tile * depth;
      const target = (y * columns.padded + column * columns.stride) * kept;
      const wy = down[y];
      for (let c = 0; c < kept; c++) {
        const from = source + channels[c];
        if (blended) addLine(band, target + c, kept, { tiles, from, depth, across, wy });
        else
          for (let x = 0; x < columns.tile; x++)
            band[target + c + x * kept] = tiles[from + x * depth];
      }
    }
  }
}

interface Line {
  readonly tiles: Float32Array;
  readonly from: number;
  readonly depth: number;
  readonly across: Float64Array;
  readonly wy: number;
}

function addLine(
  band: Float64Array,
  at: number,
  step: number,
  { tiles, from, depth, across, wy }: Line,
): void {
  let target = at;
  let source = from;
  for (let x = 0; x < across.length; x++, target += step, source += depth) {
    band[target] = band[target] + tiles[source] * (wy * across[x]);
  }
}

interface Finished {
  readonly plan: TilePlan;
  readonly canvas: Canvas;
  readonly band: Float64Array;
  readonly batch: number;
  /** Padded row at which the band begins. */
  readonly top: number;
  /** Rows of the band to which nothing will be added any more. */
  readonly done: number;
}

function finishRows({ plan, canvas, band, batch, top, done }: Finished): void {
  const { rows, columns } = plan;
  const kept = canvas.channels.length;
  const first = Math.max(top, rows.before);
  const end = Math.min(top + done, rows.before + rows.length);
  for (let padded = first; padded < end; padded++) {
    const start = ((padded - top) * columns.padded + columns.before) * kept;
    const line = band.subarray(start, start + columns.length * kept);
    canvas.data.set(line, (batch * rows.length + padded - rows.before) * columns.length * kept);
  }
}

function isBlended({ tile, padded }: TiledAxis): boolean {
  return tile >= LEAST_BLENDED && tile < padded;
}

/** The weights of a tile along an axis: 1, with a taper wherever it has a neighbour. */
function taper({ tile, stride, count }: TiledAxis, index: number): Float64Array {
  const weights = new Float64Array(tile).fill(1);
  const ramp = overlapTaper(tile - stride);
  ramp.forEach((weight, k) => {
    if (index > 0) weights[k] = weight;
    if (index < count - 1) weights[tile - 1 - k] = weight;
  });
  return weights;
}

/** A rising spline of the second order over an overlap; its last value is 1. */
export function overlapTaper(overlap: number): Float64Array {
  const length = 2 * overlap;
  const ramp = Float64Array.from({ length: overlap }, (_, index) => {
    const u = (2 * index + 1) / length;
    return index + 1 <= Math.trunc(length / 4) ? (2 * u) ** 2 / 2 : 1 - (2 * (u - 1)) ** 2 / 2;
  });
  const greatest = ramp[overlap - 1] ?? 1;
  return ramp.map((weight) => weight / greatest);
}
