import { type Image, sharedFloat32, sharedFloat64 } from '../array.ts';
import { taper } from './taper.ts';
import type { TilePlan, TiledAxis } from './tiling.ts';

/** One output of a model on its way back into a whole image. Plain data in shared memory. */
export interface Canvas {
  /** The channels of the output that are kept. */
  readonly channels: readonly number[];
  /** Channels that the output has. */
  readonly depth: number;
  /** `[batch, row, column, kept channel]`, float32. */
  readonly data: Float32Array;
  /**
   * Sums of the rows that the next row of tiles overlaps, `[row, padded column, kept channel]`,
   * float64.
   */
  readonly carry: Float64Array;
}

/** An empty canvas for an output of `depth` channels, of which some are kept. */
export function openCanvas(plan: TilePlan, depth: number, channels: readonly number[]): Canvas {
  const { batches, rows, columns } = plan;
  return {
    channels,
    depth,
    data: sharedFloat32(batches * rows.length * columns.length * channels.length),
    carry: sharedFloat64((rows.tile - rows.stride) * columns.padded * channels.length),
  };
}

/** What is on a canvas: float32 `[batch, row, column, kept channel]`. */
export function canvasImage({ batches, rows, columns }: TilePlan, canvas: Canvas): Image {
  const { data, channels } = canvas;
  return { shape: [batches, rows.length, columns.length, channels.length], data };
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

/**
 * Tiles are blended only if there are at least two along both axes and they are not tiny; else
 * later ones overwrite.
 */
const LEAST_BLENDED = 32;

/**
 * Puts rows of tiles onto a canvas. Where tiles overlap they are weighted by tapers and summed in
 * double precision, in the order of the tiles; the tapers of two neighbours sum to a little more
 * than 1, and so do the results: a property of the reference that thresholds see.
 */
export function blendTiles({ plan, canvas, firstRow, rowCount, tiles }: Blend): void {
  const { rows, columns } = plan;
  const blended = isBlended(rows) && isBlended(columns);
  const rowLength = columns.count * rows.tile * columns.tile * canvas.depth;
  for (let index = 0; index < rowCount; index++) {
    const row = {
      plan,
      canvas,
      index: firstRow + index,
      tiles: tiles.subarray(index * rowLength, (index + 1) * rowLength),
    };
    if (blended) blendRow(row);
    else pasteRow(row);
  }
}

function isBlended({ tile, padded }: TiledAxis): boolean {
  return tile >= LEAST_BLENDED && tile < padded;
}

interface RowOfTiles {
  readonly plan: TilePlan;
  readonly canvas: Canvas;
  /** Counted over all batch items. */
  readonly index: number;
  /** `[tile, row, column, channel]`. */
  readonly tiles: Float32Array;
}

/**
 * Blends a row of tiles, line by line: with what the row before left in the carry, and into the
 * carry for the row after.
 */
function blendRow(row: RowOfTiles): void {
  const { plan, canvas, index, tiles } = row;
  const { rows, columns } = plan;
  const tileRow = index % rows.count;
  const overlap = rows.tile - rows.stride;
  const length = columns.padded * canvas.channels.length;
  const lines = tileLines(plan, canvas);
  const down = taper(rows, tileRow);
  const plain = new Float32Array(length);
  const sums = new Float64Array(length);
  for (let y = 0; y < rows.tile; y++) {
    const to = tileRow * rows.stride + y - rows.before;
    const closes = tileRow > 0 && y < overlap;
    const opens = tileRow < rows.count - 1 && y >= rows.stride;
    if (to < 0 || to >= rows.length) continue;
    if (!closes && !opens) {
      joinLine(plain, tiles, lines, y);
      const { start, first, length: end } = extentOf(row, to);
      canvas.data.set(plain.subarray(first, first + end), start);
      continue;
    }
    if (closes) sums.set(canvas.carry.subarray(y * length, (y + 1) * length));
    else sums.fill(0);
    addLine(sums, tiles, lines, y, down[y]);
    if (opens) canvas.carry.set(sums, (y - rows.stride) * length);
    else writeSums(sums, extentOf(row, to), canvas.data);
  }
}

/** How the lines of a row of tiles lie side by side. */
interface TileLines {
  /** Columns of a tile, from one tile to the next, and that two neighbours share. */
  readonly length: number;
  readonly stride: number;
  readonly overlap: number;
  readonly channels: readonly number[];
  readonly depth: number;
  /** The weights of a tile's columns, tile by tile. */
  readonly weights: readonly Float64Array[];
  /** From the line of a tile to its next one, and to the same line of the next tile. */
  readonly lineStep: number;
  readonly tileStep: number;
}

function tileLines({ rows, columns }: TilePlan, { channels, depth }: Canvas): TileLines {
  return {
    length: columns.tile,
    stride: columns.stride,
    overlap: columns.tile - columns.stride,
    channels,
    depth,
    weights: Array.from({ length: columns.count }, (_, tile) => taper(columns, tile)),
    lineStep: columns.tile * depth,
    tileStep: rows.tile * columns.tile * depth,
  };
}

/** Elements at equal distances. */
interface Samples {
  readonly data: Float32Array;
  readonly start: number;
  readonly step: number;
}

/**
 * Writes a line that no other row of tiles shares: each tile by itself, and two blended where they
 * overlap.
 */
function joinLine(line: Float32Array, tiles: Float32Array, lines: TileLines, y: number): void {
  const { length, stride, overlap, channels, depth, weights, lineStep, tileStep } = lines;
  const kept = channels.length;
  channels.forEach((channel, c) => {
    for (let tile = 0; tile < weights.length; tile++) {
      const start = tile * tileStep + y * lineStep + channel;
      const target = tile * stride * kept + c;
      const shared = tile === 0 ? 0 : overlap;
      const end = tile === weights.length - 1 ? length : stride;
      if (shared > 0) {
        const rising = { data: tiles, start, step: depth };
        const falling = { ...rising, start: start - tileStep + stride * depth };
        const tapers = [weights[tile], weights[tile - 1].subarray(stride)] as const;
        blendSamples(rising, falling, tapers, line, target, kept);
      }
      const own = { data: tiles, start: start + shared * depth, step: depth };
      copySamples(own, end - shared, line, target + shared * kept, kept);
    }
  });
}

function blendSamples(
  rising: Samples,
  falling: Samples,
  [up, down]: readonly [Float64Array, Float64Array],
  line: Float32Array,
  target: number,
  step: number,
): void {
  const { data, step: depth } = rising;
  let source = rising.start;
  let before = falling.start;
  for (let x = 0; x < down.length; x++) {
    line[target] = data[before] * down[x] + data[source] * up[x];
    target += step;
    source += depth;
    before += depth;
  }
}

/** Adding 0 makes -0 a 0, as summing from 0 does. */
function copySamples(
  { data, start, step: depth }: Samples,
  count: number,
  line: Float32Array,
  target: number,
  step: number,
): void {
  let source = start;
  for (let x = 0; x < count; x++) {
    line[target] = data[source] + 0;
    target += step;
    source += depth;
  }
}

/** Adds a line of the tiles, weighted, to sums. */
function addLine(
  sums: Float64Array,
  tiles: Float32Array,
  lines: TileLines,
  y: number,
  weight: number,
): void {
  const { stride, channels, depth, weights, lineStep, tileStep } = lines;
  const kept = channels.length;
  channels.forEach((channel, c) => {
    for (let tile = 0; tile < weights.length; tile++) {
      const start = tile * tileStep + y * lineStep + channel;
      const target = tile * stride * kept + c;
      addSamples({ data: tiles, start, step: depth }, weight, weights[tile], sums, target, kept);
    }
  });
}

function addSamples(
  { data, start, step: depth }: Samples,
  weight: number,
  weights: Float64Array,
  sums: Float64Array,
  target: number,
  step: number,
): void {
  let source = start;
  for (let x = 0; x < weights.length; x++) {
    sums[target] += data[source] * (weight * weights[x]);
    target += step;
    source += depth;
  }
}

/** Where a line of an image stands on its canvas, and its first element within the padded line. */
interface Extent {
  readonly start: number;
  readonly first: number;
  readonly length: number;
}

function extentOf({ plan, canvas, index }: RowOfTiles, row: number): Extent {
  const { rows, columns } = plan;
  const kept = canvas.channels.length;
  const batch = Math.floor(index / rows.count);
  const length = columns.length * kept;
  return { start: (batch * rows.length + row) * length, first: columns.before * kept, length };
}

function writeSums(sums: Float64Array, { start, first, length }: Extent, data: Float32Array): void {
  for (let e = 0; e < length; e++) data[start + e] = sums[first + e];
}

/** Copies a row of tiles; what was there is overwritten. */
function pasteRow({ plan, canvas, index, tiles }: RowOfTiles): void {
  const { rows, columns } = plan;
  const { channels, depth, data } = canvas;
  const batch = Math.floor(index / rows.count);
  for (let line = 0; line < columns.count * rows.tile; line++) {
    const tile = Math.floor(line / rows.tile);
    const y = (index % rows.count) * rows.stride + (line % rows.tile) - rows.before;
    if (y < 0 || y >= rows.length) continue;
    const left = tile * columns.stride - columns.before;
    const end = Math.min(columns.tile, columns.length - left);
    for (let x = Math.max(-left, 0); x < end; x++) {
      const source = (line * columns.tile + x) * depth;
      const target = ((batch * rows.length + y) * columns.length + left + x) * channels.length;
      for (let c = 0; c < channels.length; c++) data[target + c] = tiles[source + channels[c]];
    }
  }
}
