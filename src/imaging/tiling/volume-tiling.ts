import { KnownError } from '../../errors.ts';
import { type Image, sharedFloat32, sizeOf } from '../array.ts';
import { type PadMode, type TiledAxis, checkStrideRatio, sources, tiledAxis } from './tiling.ts';
import { taper } from './taper.ts';

/** How a stack of images is cut into blocks for a model, and how they come together again. */
export interface VolumePlan {
  readonly batches: number;
  readonly channels: number;
  /** The axes z, row, column. */
  readonly axes: readonly [TiledAxis, TiledAxis, TiledAxis];
  readonly padMode: PadMode;
}

const STRIDE_RATIO = 0.5;

/** Order of the splines that blend blocks, unless a caller says otherwise. */
const TAPER_POWER = 3;

/**
 * Plans the blocks of a stack `[batch, z, row, column, channel]` for a model that takes `[z, row, column]`.
 * `strideRatio` is the way from a block to the next in lengths of a block, 0.5 to 1. Throws `model_mismatch`
 * if the stack is smaller than a block.
 */
export function planVolume(
  shape: readonly number[],
  model: readonly [number, number, number],
  padMode: PadMode,
  strideRatio = STRIDE_RATIO,
): VolumePlan {
  checkStrideRatio(strideRatio);
  const [batches = 0, depth = 0, height = 0, width = 0, channels = 0] = shape;
  if (depth < model[0] || height < model[1] || width < model[2]) {
    throw new KnownError(
      'model_mismatch',
      `A stack of ${depth} × ${height} × ${width} is smaller than the ${model.join(' × ')} that the model takes.`,
    );
  }
  const axes = [
    tiledAxis(depth, model[0], strideRatio),
    tiledAxis(height, model[1], strideRatio),
    tiledAxis(width, model[2], strideRatio),
  ] as const;
  return { batches, channels, axes, padMode };
}

/** A block: where it is in the batch and in the padded stack, and its place along each axis. */
interface Block {
  readonly batch: number;
  readonly place: readonly [number, number, number];
  /** `[z, row, column]`. */
  readonly start: readonly [number, number, number];
}

/** The blocks of a plan in their order: batch item, row, column, z (fastest). */
export function blocksOf({ batches, axes }: VolumePlan): Block[] {
  const [z, rows, columns] = axes;
  const perItem = z.count * rows.count * columns.count;
  return Array.from({ length: batches * perItem }, (_, index) => {
    const inZ = index % z.count;
    const column = Math.floor(index / z.count) % columns.count;
    const row = Math.floor(index / (z.count * columns.count)) % rows.count;
    return {
      batch: Math.floor(index / perItem),
      place: [inZ, row, column],
      start: [inZ * z.stride, row * rows.stride, column * columns.stride],
    };
  });
}

/** Cuts a stack into blocks: `[block, z, row, column, channel]`, float32. */
export function cutVolume(image: Image, plan: VolumePlan): Image {
  const { axes, channels, padMode } = plan;
  const [zs, ys, xs] = axes.map((axis) => sources(axis, padMode));
  const [z, rows, columns] = axes;
  const blocks = blocksOf(plan);
  const shape = [blocks.length, z.tile, rows.tile, columns.tile, channels];
  const data = sharedFloat32(sizeOf(shape));
  const lineLength = columns.tile * channels;
  for (let line = 0; line < data.length / lineLength; line++) {
    const { batch, start } = blocks[Math.floor(line / (z.tile * rows.tile))];
    const plane = zs[start[0] + (Math.floor(line / rows.tile) % z.tile)];
    const row = ys[start[1] + (line % rows.tile)];
    if (plane < 0 || row < 0) continue;
    const from = ((batch * z.length + plane) * rows.length + row) * columns.length;
    for (let e = 0; e < lineLength; e++) {
      const x = xs[start[2] + Math.floor(e / channels)];
      if (x < 0) continue;
      data[line * lineLength + e] = image.data[(from + x) * channels + (e % channels)];
    }
  }
  return { shape, data };
}

/**
 * Puts blocks together again: `[batch, z, row, column, channel]`, float32. Where blocks overlap they are
 * weighted by tapers, which sum to a little more than 1, and summed in double precision. `power` is the order
 * of the splines that the tapers are.
 */
export function joinVolume(tiles: Image, plan: VolumePlan, power = TAPER_POWER): Image {
  const { axes, batches } = plan;
  const [z, rows, columns] = axes;
  const channels = tiles.shape.at(-1) ?? 1;
  const shape = [batches, z.length, rows.length, columns.length, channels];
  const sums = new Float64Array(sizeOf(shape));
  const weigh = (axis: TiledAxis): Float64Array[] =>
    Array.from({ length: axis.count }, (_, place) => taper(axis, place, power));
  const weights = axes.map(weigh);
  const blockLength = z.tile * rows.tile * columns.tile * channels;
  blocksOf(plan).forEach((block, index) => {
    const tapers = block.place.map((place, axis) => weights[axis][place]);
    addBlock({ plan, block, tapers, channels }, tiles.data.subarray(index * blockLength), sums);
  });
  const data = sharedFloat32(sums.length);
  data.set(sums);
  return { shape, data };
}

interface WeightedBlock {
  readonly plan: VolumePlan;
  readonly block: Block;
  /** Weights along z, rows and columns. */
  readonly tapers: readonly Float64Array[];
  readonly channels: number;
}

function addBlock(weighted: WeightedBlock, tile: Float32Array, sums: Float64Array): void {
  const { plan, block, tapers, channels } = weighted;
  const { batch, start } = block;
  const [z, rows, columns] = plan.axes;
  const [inZ, down, along] = tapers;
  for (let line = 0; line < z.tile * rows.tile; line++) {
    const row = line % rows.tile;
    const plane = (line - row) / rows.tile;
    const [toPlane, toRow] = [start[0] + plane - z.before, start[1] + row - rows.before];
    if (toPlane < 0 || toPlane >= z.length || toRow < 0 || toRow >= rows.length) continue;
    const to = ((batch * z.length + toPlane) * rows.length + toRow) * columns.length;
    const weight = inZ[plane] * down[row];
    for (let x = 0; x < columns.tile; x++) {
      const toColumn = start[2] + x - columns.before;
      if (toColumn < 0 || toColumn >= columns.length) continue;
      for (let c = 0; c < channels; c++) {
        sums[(to + toColumn) * channels + c] +=
          tile[(line * columns.tile + x) * channels + c] * (weight * along[x]);
      }
    }
  }
}
