import { copyElements } from '../elements/interleave.ts';
import { type Row, type RowArena, doublesOf, rowsOf, withRows } from '../wasm/row-kernels.ts';
import type { Blend, Canvas } from './canvas.ts';
import { taper } from './taper.ts';
import type { TiledAxis } from './tiling.ts';

/** Values of tiles that are worked on at once, unless one line of them has more. */
const BLOCK = 32_768;
/** Channels of a tile that are read together; of more, most would be read in vain. */
const MOST_TOGETHER = 4;

/** What the rows of a call share in the memory of the kernels. */
interface Memory {
  readonly kernels: RowArena['kernels'];
  /** Lines of all tiles of a row, tile by tile. */
  readonly block: Row;
  /** Lines that it has room for. */
  readonly lines: number;
  /** Values of a pixel there: all of a tile's, or the kept ones. */
  readonly depth: number;
  /** Which of them are kept. */
  readonly channels: readonly number[];
  readonly ramps: Row;
  readonly tapers: Row;
  readonly line: Row;
  readonly sums: Row;
}

/**
 * Blends rows of tiles, line by line: with what the row before left in the carry, and into the carry for the
 * row after.
 */
export function blendRows(blend: Blend): void {
  const { canvas } = blend;
  const { rows, columns } = blend.plan;
  const kept = canvas.channels.length;
  const isNarrow = canvas.depth <= MOST_TOGETHER;
  const depth = isNarrow ? canvas.depth : kept;
  const channels = isNarrow ? canvas.channels : canvas.channels.map((_, index) => index);
  const lineValues = columns.count * columns.tile * depth;
  const lines = Math.min(Math.max(Math.floor(BLOCK / lineValues), 1), rows.tile);
  const padded = columns.padded * kept;
  const overlap = columns.tile - columns.stride;
  const lengths = [lines * lineValues, 4 * overlap, 6 * columns.tile, padded + 1, 2 * padded];
  withRows(rowsOf(lengths), ({ kernels, rowOf }) => {
    const [block, ramps, tapers, line, sums] = lengths.map((length) => rowOf(length, 'zero'));
    fillTapers(columns, doublesOf(ramps, 2 * overlap), doublesOf(tapers, 3 * columns.tile));
    blendEachRow(blend, { kernels, block, lines, depth, channels, ramps, tapers, line, sums });
  });
}

function blendEachRow(blend: Blend, memory: Memory): void {
  for (let index = 0; index < blend.rowCount; index++) blendRow(blend, index, memory);
}

/** Weights of an overlap, rising and falling, and those of the first tile, of one between others, and of the last. */
function fillTapers(columns: TiledAxis, ramps: Float64Array, tapers: Float64Array): void {
  const { tile, stride, count } = columns;
  const first = taper(columns, 0);
  const last = taper(columns, count - 1);
  ramps.set(last.subarray(0, tile - stride));
  ramps.set(first.subarray(stride), tile - stride);
  tapers.set(first);
  tapers.set(taper({ ...columns, count: 3 }, 1), tile);
  tapers.set(last, 2 * tile);
}

function blendRow(blend: Blend, index: number, memory: Memory): void {
  const { rows, columns } = blend.plan;
  const { canvas } = blend;
  const { line, sums } = memory;
  const tileRow = (blend.firstRow + index) % rows.count;
  const overlap = rows.tile - rows.stride;
  const length = columns.padded * canvas.channels.length;
  const down = taper(rows, tileRow);
  const totals = doublesOf(sums, length);
  let read = -Infinity;
  for (let y = 0; y < rows.tile; y++) {
    const to = tileRow * rows.stride + y - rows.before;
    const closes = tileRow > 0 && y < overlap;
    const opens = tileRow < rows.count - 1 && y >= rows.stride;
    if (to < 0 || to >= rows.length) continue;
    if (y >= read + memory.lines) {
      read = y;
      readLines(blend, index, y, memory);
    }
    if (!closes && !opens) {
      const place = placeOfLine(blend, index, to);
      joinLine(blend, y - read, line.address + 4 * place.behind, memory);
      writeLine(canvas, place, line.float32);
      continue;
    }
    if (closes) totals.set(canvas.carry.subarray(y * length, (y + 1) * length));
    else totals.fill(0);
    addLine(blend, y - read, down[y], memory);
    if (opens) canvas.carry.set(totals, (y - rows.stride) * length);
    else {
      const place = placeOfLine(blend, index, to);
      memory.kernels.roundSums(sums.address, length, line.address + 4 * place.behind);
      writeLine(canvas, place, line.float32);
    }
  }
}

/** Copies lines of a row of tiles, from line `y` of each tile on, as many as there is room for. */
function readLines({ plan, canvas, tiles }: Blend, index: number, y: number, to: Memory): void {
  const { rows, columns } = plan;
  const { depth } = canvas;
  const count = Math.min(to.lines, rows.tile - y) * columns.tile;
  for (let tile = 0; tile < columns.count; tile++) {
    const first = (index * columns.count + tile) * rows.tile + y;
    const from = first * columns.tile * depth;
    const target = tile * to.lines * columns.tile * to.depth;
    const values = tiles.subarray(from, from + count * depth);
    if (to.depth === depth) to.block.float32.set(values, target);
    else takeChannels(values, canvas, to.block.float32.subarray(target));
  }
}

function takeChannels(values: Float32Array, { channels, depth }: Canvas, to: Float32Array): void {
  for (const [start, channel] of channels.entries()) {
    const source = { data: values, start: channel, step: depth };
    copyElements(source, { data: to, start, step: channels.length }, values.length / depth);
  }
}

/** A kept channel of a line of tiles in the block, as the kernels take it. */
type LineOfTiles = readonly [
  address: number,
  tileBytes: number,
  count: number,
  length: number,
  stride: number,
  depth: number,
];

/** The kept channels of a line of tiles. */
function linesOf({ plan: { columns } }: Blend, y: number, memory: Memory): LineOfTiles[] {
  const { block, lines, depth, channels } = memory;
  const { count, tile, stride } = columns;
  const lineBytes = 4 * tile * depth;
  const first = block.address + y * lineBytes;
  return channels.map((c) => [first + 4 * c, lines * lineBytes, count, tile, stride, depth]);
}

/** Makes a line that no other row of tiles shares: each tile by itself, and two blended where they overlap. */
function joinLine(blend: Blend, y: number, target: number, memory: Memory): void {
  const { kernels, channels, ramps } = memory;
  for (const [c, line] of linesOf(blend, y, memory).entries()) {
    kernels.joinTiles(...line, ramps.address, target + 4 * c, channels.length);
  }
}

/** Adds a line of the tiles, weighted, to the sums. */
function addLine(blend: Blend, y: number, weight: number, memory: Memory): void {
  const { kernels, channels, tapers, sums } = memory;
  for (const [c, line] of linesOf(blend, y, memory).entries()) {
    kernels.addTiles(...line, weight, tapers.address, sums.address + 8 * c, channels.length);
  }
}

/** Where a line of the image stands on the canvas, and in the padded line. */
interface PlaceOfLine {
  readonly start: number;
  readonly first: number;
  readonly length: number;
  /**
   * Elements that the padded line is put behind its place, so that both are equally far from a multiple of eight
   * bytes: the engine copies shared memory byte by byte where that differs.
   */
  readonly behind: number;
}

function placeOfLine({ plan, canvas, firstRow }: Blend, index: number, row: number): PlaceOfLine {
  const { rows, columns } = plan;
  const kept = canvas.channels.length;
  const batch = Math.floor((firstRow + index) / rows.count);
  const first = columns.before * kept;
  const length = columns.length * kept;
  const start = (batch * rows.length + row) * length;
  return { start, first, length, behind: (start + first) % 2 };
}

/** Writes the part of a padded line that is a line of the image. */
function writeLine(
  { data }: Canvas,
  { start, first, length, behind }: PlaceOfLine,
  line: Float32Array,
): void {
  data.set(line.subarray(first + behind, first + behind + length), start);
}
