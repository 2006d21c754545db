import type { IntegerList } from '../../integer-list.ts';
import type { PaddedPlane } from './padded-plane.ts';
import { type RowArena, rowsOf, withRows } from '../../wasm/row-kernels.ts';
import type { Scratch } from '../../scratch.ts';

/** Pixels along the side of a square. */
const SIDE = 4;

/** Pixels that the kernel takes at once, or four rows. */
const CHUNK = 16_384;

/** Pixels beyond those that the kernel may read. */
const BEHIND = 4;

/**
 * The greatest values of squares of a padded plane, by which the few high pixels of a large disk are found without a
 * look at all others.
 */
export class HighPixels {
  readonly #values: Float32Array;
  readonly #stride: number;
  readonly #across: number;
  readonly #maxima: Float32Array;
  /** Half the width of the disk, by distance from its centre row. */
  readonly #halfWidths: Int32Array;
  /** Half the side of the greatest square inside the disk. */
  readonly #inside: number;

  constructor({ values, stride }: PaddedPlane, radius: number, scratch: Scratch) {
    const rows = Math.floor(values.length / stride);
    this.#values = values;
    this.#stride = stride;
    this.#across = Math.ceil(stride / SIDE);
    this.#maxima = scratch.float32(this.#across * Math.ceil(rows / SIDE));
    this.#halfWidths = Int32Array.from({ length: radius + 1 }, (_, dy) =>
      Math.floor(Math.sqrt(radius ** 2 - dy ** 2)),
    );
    this.#inside = Math.floor(radius / Math.SQRT2);
    this.#fill(rows);
  }

  /** Whether a square within the disk around a pixel holds more than `bound`: a quick look at half of the disk. */
  holdsAbove(pixel: number, bound: number): boolean {
    const row = (pixel / this.#stride) | 0;
    const column = pixel - row * this.#stride;
    const left = Math.ceil((column - this.#inside) / SIDE);
    const right = Math.min(((column + this.#inside + 1) / SIDE) | 0, this.#across);
    const bottom = ((row + this.#inside + 1) / SIDE) | 0;
    for (let y = Math.ceil((row - this.#inside) / SIDE); y < bottom; y++) {
      for (let x = left; x < right; x++) {
        if (this.#maxima[y * this.#across + x] > bound) return true;
      }
    }
    return false;
  }

  /**
   * Lists the pixels of the disk around a pixel, and this itself, that are less than `h` below a value, up to the first
   * one above `bound`. Returns how many squares and pixels it had to look at.
   */
  listAround(
    pixel: number,
    { value, h, bound }: { readonly value: number; readonly h: number; readonly bound: number },
    found: IntegerList,
  ): number {
    const radius = this.#halfWidths.length - 1;
    const row = (pixel / this.#stride) | 0;
    const column = pixel - row * this.#stride;
    const left = ((column - radius) / SIDE) | 0;
    // Beyond the end of a row there is only its margin.
    const right = Math.min(((column + radius) / SIDE) | 0, this.#across - 1);
    const bottom = ((row + radius) / SIDE) | 0;
    let looks = 0;
    for (let y = ((row - radius) / SIDE) | 0; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        looks++;
        if (!(value - this.#maxima[y * this.#across + x] < h)) continue;
        const top = Math.max(y * SIDE, row - radius);
        const end = Math.min((y + 1) * SIDE - 1, row + radius);
        for (let line = top; line <= end; line++) {
          const half = this.#halfWidths[Math.abs(line - row)];
          const last = line * this.#stride + Math.min((x + 1) * SIDE - 1, column + half);
          let other = line * this.#stride + Math.max(x * SIDE, column - half);
          for (; other <= last; other++) {
            looks++;
            if (!(value - this.#values[other] < h)) continue;
            found.push(other);
            if (this.#values[other] > bound) return looks;
          }
        }
      }
    }
    return looks;
  }

  #fill(rows: number): void {
    const most = SIDE * Math.max(1, Math.floor(CHUNK / SIDE / this.#stride));
    const lengths = [most * this.#stride + BEHIND, (most / SIDE) * this.#across];
    withRows(rowsOf(lengths), (arena) => this.#fillRows(rows, most, lengths, arena));
  }

  /** Fills in the squares, `most` rows of pixels at a time. */
  #fillRows(
    rows: number,
    most: number,
    [pixels, squares]: readonly number[],
    { kernels, rowOf }: RowArena,
  ): void {
    const stride = this.#stride;
    const [chunk, maxima] = [rowOf(pixels, 'not a number'), rowOf(squares, 'zero')];
    for (let row = 0; row < rows; row += most) {
      const part = this.#values.subarray(row * stride, Math.min(row + most, rows) * stride);
      chunk.float32.set(part);
      chunk.float32.fill(NaN, part.length);
      kernels.squareMaxima(chunk.address, stride, most, maxima.address);
      const first = (row / SIDE) * this.#across;
      this.#maxima.set(
        maxima.float32.subarray(0, Math.min(squares, this.#maxima.length - first)),
        first,
      );
    }
  }
}
