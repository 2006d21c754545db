import { KnownError } from '../../errors.ts';
import { type Image, sharedFloat32 } from '../array.ts';
import { reflectIndices } from '../reflect.ts';

/** What stands beyond the border of an image: its mirror image without the edge, or zeros. */
export type PadMode = 'reflect' | 'constant';

/** One spatial axis of a plan. */
export interface TiledAxis {
  /** Samples of the image. */
  readonly length: number;
  readonly before: number;
  readonly padded: number;
  /** Samples of a tile. */
  readonly tile: number;
  /** From the start of a tile to that of the next. */
  readonly stride: number;
  readonly count: number;
}

/** An axis of an image's plan, and what stands beyond its ends. */
export interface PlannedAxis extends TiledAxis {
  readonly padMode: PadMode;
}

/**
 * How an image is cut into tiles for a model, and how the tiles come together again. Plain data.
 */
export interface TilePlan {
  readonly batches: number;
  readonly channels: number;
  readonly rows: PlannedAxis;
  readonly columns: PlannedAxis;
}

/** Tiles overlap by a quarter, unless a workflow says otherwise. */
export const STRIDE_RATIO = 0.75;

/**
 * Plans the tiles of an image `[batch, row, column, channel]` for a model that takes `[row,
 * column]`, each axis by itself. An axis of -1 takes any length, so the image is sent whole. An image
 * shorter than the model is padded by reflection, one that is longer is tiled. Where one axis is
 * shorter and the other longer, the reference pads both by the absolute difference, which no model of
 * that size takes (deepcell-tf #709). `strideRatio` is the way from a tile to the next in lengths of a
 * tile, 0.5 to 1.
 */
export function planTiles(
  shape: readonly number[],
  model: readonly [number, number],
  padMode: PadMode,
  strideRatio = STRIDE_RATIO,
): TilePlan {
  checkStrideRatio(strideRatio);
  const [batches = 0, height = 0, width = 0, channels = 0] = shape;
  const axis = (length: number, wanted: number): PlannedAxis => {
    const tile = wanted > 0 ? wanted : length;
    if (length < tile) return paddedAxis(length, tile - length);
    return { ...tiledAxis(length, tile, strideRatio), padMode };
  };
  return { batches, channels, rows: axis(height, model[0]), columns: axis(width, model[1]) };
}

/** With tiles closer together, more than two would overlap. */
export function checkStrideRatio(strideRatio: number): void {
  if (strideRatio >= 0.5 && strideRatio <= 1) return;
  throw new KnownError(
    'bad_settings',
    `Tiles are placed ${strideRatio} of their length apart, but must be 0.5 to 1 of it apart.`,
  );
}

/** An axis that is padded by reflection into a single tile, as much after it as before. */
export function paddedAxis(length: number, pad: number): PlannedAxis {
  const padded = length + pad;
  const before = Math.floor(pad / 2);
  return { length, before, padded, tile: padded, stride: padded, count: 1, padMode: 'reflect' };
}

/** Plans one axis of tiles that cover it with as little padding as may be. */
export function tiledAxis(length: number, tile: number, strideRatio: number): TiledAxis {
  const stride = Math.min(2 * Math.ceil((strideRatio * tile) / 2), tile);
  const count = Math.max(Math.ceil((length - tile) / stride + 1), 1);
  const over = tile + stride * (count - 1) - length;
  return { length, before: Math.ceil(over / 2), padded: length + over, tile, stride, count };
}

/** Tiles of a whole image. Their order: batch item, row of tiles, column of tiles. */
export function tileCount({ batches, rows, columns }: TilePlan): number {
  return batches * rows.count * columns.count;
}

interface Cut {
  readonly image: Image;
  readonly plan: TilePlan;
  /** Rows of tiles, counted over all batch items. */
  readonly firstRow: number;
  readonly rowCount: number;
}

/** Cuts rows of tiles: `[tile, row, column, channel]`, float32. */
export function cutTiles({ image, plan, firstRow, rowCount }: Cut): Image {
  const { rows, columns, channels } = plan;
  const ys = sources(rows, rows.padMode);
  const segments = tileSegments(plan);
  const lineLength = columns.tile * channels;
  const data = sharedFloat32(rowCount * columns.count * rows.tile * lineLength);
  for (let line = 0; line < rowCount * rows.tile; line++) {
    const y = line % rows.tile;
    const row = (line - y) / rows.tile;
    const tileRow = (firstRow + row) % rows.count;
    const batch = (firstRow + row - tileRow) / rows.count;
    const source = ys[tileRow * rows.stride + y];
    if (source < 0) continue;
    const from = (batch * rows.length + source) * columns.length * channels;
    for (let tile = 0; tile < segments.length; tile++) {
      const to = ((row * columns.count + tile) * rows.tile + y) * lineLength;
      copySegment(image.data, from, segments[tile], data, to);
    }
  }
  return { shape: [rowCount * columns.count, rows.tile, columns.tile, channels], data };
}

/** The part of a line of a tile that is not zero: reflected elements around a run of the image's row. */
interface Segment {
  /** Where it starts in the line. */
  readonly start: number;
  /** The element of the image's row that stands at each place. */
  readonly elements: Int32Array;
  /** The places from `runStart` to `runEnd` hold consecutive elements, which are copied at once. */
  readonly runStart: number;
  readonly runEnd: number;
}

/** The segment of each tile in a row of tiles. */
function tileSegments({ columns, channels }: TilePlan): Segment[] {
  const xs = sources(columns, columns.padMode);
  return Array.from({ length: columns.count }, (_, tile) => {
    const left = tile * columns.stride;
    return segmentOf(xs.subarray(left, left + columns.tile), channels);
  });
}

/** The segment of a line whose places hold these pixels of the image's row; -1: zero. */
function segmentOf(pixels: Int32Array, channels: number): Segment {
  let end = pixels.length;
  while (end > 0 && pixels[end - 1] < 0) end--;
  let start = 0;
  while (start < end && pixels[start] < 0) start++;
  const elements = new Int32Array((end - start) * channels);
  for (let e = 0; e < elements.length; e++) {
    elements[e] = pixels[start + Math.floor(e / channels)] * channels + (e % channels);
  }
  return { start: start * channels, elements, ...longestRun(elements) };
}

/** The longest part of a list in which every number is one more than the one before it. */
function longestRun(elements: Int32Array): Pick<Segment, 'runStart' | 'runEnd'> {
  let longest = { runStart: 0, runEnd: 0 };
  for (let runStart = 0, e = 1; e <= elements.length; e++) {
    if (e < elements.length && elements[e] === elements[e - 1] + 1) continue;
    if (e - runStart > longest.runEnd - longest.runStart) longest = { runStart, runEnd: e };
    runStart = e;
  }
  return longest;
}

function copySegment(
  image: Float32Array,
  from: number,
  { start, elements, runStart, runEnd }: Segment,
  data: Float32Array,
  to: number,
): void {
  const target = to + start;
  const run = from + elements[runStart];
  for (let e = 0; e < runStart; e++) data[target + e] = image[from + elements[e]];
  data.set(image.subarray(run, run + runEnd - runStart), target + runStart);
  for (let e = runEnd; e < elements.length; e++) data[target + e] = image[from + elements[e]];
}

/** The sample of the image at each place of the padded axis; -1: zero. */
export function sources({ length, before, padded }: TiledAxis, padMode: PadMode): Int32Array {
  if (padMode === 'reflect') return reflectIndices(length, before, padded - length - before);
  const index = new Int32Array(padded).fill(-1);
  for (let i = 0; i < length; i++) index[before + i] = i;
  return index;
}
