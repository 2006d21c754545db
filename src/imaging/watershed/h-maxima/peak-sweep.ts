import { descendingOrder } from './descending-order.ts';
import type { Offset } from './disk.ts';
import type { HMaximaOptions } from './h-maxima-options.ts';
import type { PlaneSize } from '../../plane.ts';
import type { Scratch } from '../../scratch.ts';
import { seedOf } from './seed-image.ts';

/**
 * Marks the h-maxima of a plane in a time that does not depend on its contents (but for a sort): the fallback
 * of `markHMaxima`.
 *
 * Pixels are added from the highest value downwards and joined with those that are already there within a
 * disk. A pixel of value v is a peak iff, once all pixels with `v - value < h` are there, its component holds
 * no seed less than h below v. Components are kept for squares that fit into the disk, not for pixels,
 * because all added pixels of such a square belong together.
 */
export function markBySweep(
  plane: Float32Array,
  size: PlaneSize,
  options: HMaximaOptions,
  marks: Uint8Array,
  scratch: Scratch,
): void {
  const { pixels, values } = descendingOrder(plane, scratch);
  const squares = new Squares(plane, size, options.radius, scratch);
  let added = 0;
  for (let i = 0; i < pixels.length; i++) {
    const value = values[i];
    for (; added < pixels.length && value - values[added] < options.h; added++) {
      squares.add(pixels[added], values[added], seedOf(values[added], options.h));
    }
    if (!(value - squares.highestSeed(pixels[i]) < options.h)) marks[pixels[i]] = 1;
  }
}

/** The components of the pixels added so far, as a union-find forest of squares. */
class Squares {
  readonly #plane: Float32Array;
  readonly #size: PlaneSize;
  readonly #side: number;
  readonly #across: number;
  readonly #down: number;
  readonly #parents: Int32Array;
  readonly #seeds: Float32Array;
  /** 1 once a square and all in its reach are one component. */
  readonly #isJoined: Uint8Array;
  /** Half the width of the disk, by distance from its centre row. */
  readonly #halfWidths: Int32Array;
  /** How many squares away the farthest one is that a disk around a pixel can touch. */
  readonly #reach: number;

  constructor(plane: Float32Array, size: PlaneSize, radius: number, scratch: Scratch) {
    this.#plane = plane;
    this.#size = size;
    this.#side = Math.floor(radius / Math.SQRT2) + 1;
    this.#across = Math.ceil(size.columns / this.#side);
    this.#down = Math.ceil(size.rows / this.#side);
    this.#parents = scratch.int32(this.#across * this.#down);
    for (let i = 0; i < this.#parents.length; i++) this.#parents[i] = i;
    this.#seeds = scratch.float32(this.#parents.length).fill(-Infinity);
    this.#isJoined = scratch.bytes(this.#parents.length).fill(0);
    this.#halfWidths = Int32Array.from({ length: radius + 1 }, (_, dy) =>
      Math.floor(Math.sqrt(radius ** 2 - dy ** 2)),
    );
    this.#reach = radius < 1 ? 0 : Math.floor((radius - 1) / this.#side) + 1;
  }

  highestSeed(pixel: number): number {
    return this.#seeds[this.#rootOf(this.#squareOf(pixel))];
  }

  /** Adds a pixel. All pixels with higher values must have been added. */
  add(pixel: number, value: number, seed: number): void {
    const square = this.#squareOf(pixel);
    const root = this.#rootOf(square);
    if (!(this.#seeds[root] >= seed)) this.#seeds[root] = seed;
    if (this.#isJoined[square] === 1) return;
    const row = (square / this.#across) | 0;
    const column = square - row * this.#across;
    const bottom = Math.min(row + this.#reach, this.#down - 1);
    const right = Math.min(column + this.#reach, this.#across - 1);
    let isJoined = 1;
    for (let y = Math.max(row - this.#reach, 0); y <= bottom; y++) {
      for (let x = Math.max(column - this.#reach, 0); x <= right; x++) {
        if (!this.#joins(pixel, value, square, { row: y, column: x })) isJoined = 0;
      }
    }
    this.#isJoined[square] = isJoined;
  }

  /**
   * Joins the square of a new pixel with another one if the pixel reaches an added pixel there; whether they
   * are one then.
   */
  #joins(pixel: number, value: number, square: number, other: Offset): boolean {
    const root = this.#rootOf(square);
    const otherRoot = this.#rootOf(other.row * this.#across + other.column);
    if (root === otherRoot) return true;
    if (this.#seeds[otherRoot] === -Infinity || !this.#reaches(pixel, value, other)) return false;
    this.#join(root, otherRoot);
    return true;
  }

  /** Whether the disk around a pixel holds an added pixel of a square. */
  #reaches(pixel: number, value: number, square: Offset): boolean {
    const { rows, columns } = this.#size;
    const side = this.#side;
    const row = (pixel / columns) | 0;
    const column = pixel - row * columns;
    const radius = this.#halfWidths.length - 1;
    const top = Math.max(square.row * side, row - radius);
    const bottom = Math.min((square.row + 1) * side, rows, row + radius + 1);
    for (let y = top; y < bottom; y++) {
      const half = this.#halfWidths[Math.abs(y - row)];
      const left = Math.max(square.column * side, column - half);
      const right = Math.min((square.column + 1) * side, columns, column + half + 1);
      for (let i = y * columns + left; i < y * columns + right; i++) {
        if (this.#plane[i] >= value) return true;
      }
    }
    return false;
  }

  #squareOf(pixel: number): number {
    const row = (pixel / this.#size.columns) | 0;
    const column = pixel - row * this.#size.columns;
    return ((row / this.#side) | 0) * this.#across + ((column / this.#side) | 0);
  }

  #rootOf(square: number): number {
    const parents = this.#parents;
    let root = square;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  }

  #join(a: number, b: number): void {
    const [root, child] = a < b ? [a, b] : [b, a];
    this.#parents[child] = root;
    if (!(this.#seeds[root] >= this.#seeds[child])) this.#seeds[root] = this.#seeds[child];
  }
}
