import { KnownError } from '../../errors.ts';
import type { NdArray } from '../array.ts';
import { numberCells } from './number-cells.ts';
import { perimeters } from './perimeters.ts';
import { type Shapes, shapesOf } from './shapes.ts';

/** What is measured of the cells of a plane: a row for each cell, by ascending label. In pixels. */
export interface CellTable extends Shapes {
  readonly labels: Int32Array;
  readonly perimeter: Float64Array;
  /** Sum and mean of the values of each cell, float64 `[cell, channel]`. */
  readonly integrated: NdArray<Float64Array>;
  readonly mean: NdArray<Float64Array>;
}

interface Segmented {
  /** int32 `[row, column]`, 0 for background. */
  readonly labels: NdArray<Int32Array>;
  /** float32 `[row, column, channel]`; without it there are no intensities. */
  readonly image?: NdArray<Float32Array> | undefined;
}

/**
 * Measures every cell of a label image, in time that follows the pixels. Definitions are those of
 * scikit-image's `regionprops`, with the perimeter of a neighbourhood of 4. `wrong_dimensions` if the
 * image has other rows or columns than the labels.
 */
export function measureCells({ labels: plane, image }: Segmented): CellTable {
  const [rows = 0, columns = 0] = plane.shape;
  const [imageRows, imageColumns, channels = 0] = image?.shape ?? [rows, columns, 0];
  if (imageRows !== rows || imageColumns !== columns) {
    const message = `The labels are ${rows} × ${columns}, but the image is ${imageRows} × ${imageColumns}.`;
    throw new KnownError('wrong_dimensions', message);
  }
  const { labels, numbers } = numberCells(plane.data);
  const numbered = { numbers, rows, columns, cells: labels.length };
  const shapes = shapesOf(numbered);
  const integrated = sumsOf(numbers, image?.data ?? new Float32Array(), {
    cells: labels.length,
    channels,
  });
  const mean = integrated.map((sum, at) => sum / shapes.area[Math.floor(at / channels)]);
  const shape = [labels.length, channels];
  return {
    ...shapes,
    labels,
    perimeter: perimeters(numbered),
    integrated: { shape, data: integrated },
    mean: { shape, data: mean },
  };
}

interface Extent {
  readonly cells: number;
  readonly channels: number;
}

/** Sums of the values of each cell, `[cell, channel]`. */
function sumsOf(
  numbers: Int32Array,
  values: Float32Array,
  { cells, channels }: Extent,
): Float64Array {
  const sums = new Float64Array(cells * channels);
  if (channels === 0) return sums;
  for (let at = 0; at < numbers.length; at++) {
    const cell = numbers[at];
    if (cell < 0) continue;
    for (let channel = 0; channel < channels; channel++) {
      sums[cell * channels + channel] += values[at * channels + channel];
    }
  }
  return sums;
}
