import { type Image, sharedFloat32 } from './array.ts';
import { reflectIndices } from './reflect.ts';

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

/** How an image is cut into tiles for a model, and how the tiles come together again. Plain data. */
export interface TilePlan {
  readonly batches: number;
  readonly channels: number;
  readonly rows: TiledAxis;
  readonly columns: TiledAxis;
  readonly padMode: PadMode;
}

/** Tiles overlap by a quarter. */
export const STRIDE_RATIO = 0.75;

/**
 * Plans the tiles of an image `[batch, row, column, channel]` for a model that takes `[row, column]`. An axis of -1 takes any length, so the
 * image is sent whole. An image shorter than the model along one axis is padded by reflection into a single tile; along both axes by the
 * absolute difference, as the reference does, which makes a tile longer than the model if the other axis is longer.
 */
export function planTiles(
  shape: readonly number[],
  model: readonly [number, number],
  padMode: PadMode,
  strideRatio = STRIDE_RATIO,
): TilePlan {
  const [batches = 0, height = 0, width = 0, channels = 0] = shape;
  const [modelHeight, modelWidth] = [
    model[0] > 0 ? model[0] : height,
    model[1] > 0 ? model[1] : width,
  ];
  const common = { batches, channels };
  if (height < modelHeight || width < modelWidth) {
    const rows = paddedAxis(height, Math.abs(height - modelHeight));
    return {
      ...common,
      rows,
      columns: paddedAxis(width, Math.abs(width - modelWidth)),
      padMode: 'reflect',
    };
  }
  const rows = tiledAxis(height, modelHeight, strideRatio);
  return { ...common, rows, columns: tiledAxis(width, modelWidth, strideRatio), padMode };
}

function paddedAxis(length: number, pad: number): TiledAxis {
  const padded = length + pad;
  return { length, before: Math.floor(pad / 2), padded, tile: padded, stride: padded, count: 1 };
}

function tiledAxis(length: number, tile: number, strideRatio: number): TiledAxis {
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
  const ys = sources(rows, plan.padMode);
  const xs = sources(columns, plan.padMode);
  const tileSize = rows.tile * columns.tile * channels;
  const data = sharedFloat32(rowCount * columns.count * tileSize);
  const imageRow = columns.length * channels;
  for (let line = 0; line < rowCount * rows.tile; line++) {
    const tileRow = firstRow + Math.floor(line / rows.tile);
    const y = line % rows.tile;
    const batch = Math.floor(tileRow / rows.count);
    const source = ys[(tileRow % rows.count) * rows.stride + y];
    if (source < 0) continue;
    const row = image.data.subarray(
      (batch * rows.length + source) * imageRow,
      (batch * rows.length + source + 1) * imageRow,
    );
    const first = (tileRow - firstRow) * columns.count * tileSize + y * columns.tile * channels;
    for (let tile = 0; tile < columns.count; tile++) {
      cutLine(row, xs.subarray(tile * columns.stride, tile * columns.stride + columns.tile), {
        data,
        at: first + tile * tileSize,
        channels,
      });
    }
  }
  return { shape: [rowCount * columns.count, rows.tile, columns.tile, channels], data };
}

/** Copies one line of a tile: the part that lies within the image in one piece, what was padded sample by sample. */
function cutLine(
  row: Float32Array,
  xs: Int32Array,
  {
    data,
    at,
    channels,
  }: { readonly data: Float32Array; readonly at: number; readonly channels: number },
): void {
  let x = 0;
  while (x < xs.length) {
    const source = xs[x];
    let end = x + 1;
    while (source >= 0 && end < xs.length && xs[end] === source + end - x) end++;
    if (source >= 0)
      data.set(row.subarray(source * channels, (source + end - x) * channels), at + x * channels);
    x = end;
  }
}

/** The sample of the image at each place of the padded axis; -1: zero. */
function sources({ length, before, padded }: TiledAxis, padMode: PadMode): Int32Array {
  if (padMode === 'reflect') return reflectIndices(length, before, padded - before - length);
  return Int32Array.from({ length: padded }, (_, at) =>
    at >= before && at < before + length ? at - before : -1,
  );
}
