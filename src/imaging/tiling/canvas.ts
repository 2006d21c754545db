import { type Image, sharedFloat32, sharedFloat64 } from '../array.ts';
import type { TilePlan } from './tiling.ts';

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

/** Rows of tiles that go onto a canvas. */
export interface Blend {
  readonly plan: TilePlan;
  readonly canvas: Canvas;
  /** Rows of tiles, counted over all batch items; given in order, each once. */
  readonly firstRow: number;
  readonly rowCount: number;
  /** `[tile, row, column, channel]`, float32. */
  readonly tiles: Float32Array;
}
