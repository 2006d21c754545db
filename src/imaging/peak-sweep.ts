import { descendingOrder } from './descending-order.ts';
import type { HMaximaOptions } from './h-maxima-options.ts';
import type { PlaneSize } from './plane.ts';
import type { Scratch } from './scratch.ts';
import { seedOf } from './seed-image.ts';

/**
 * Marks the h-maxima of a plane in a time that does not depend on its contents (but for a sort): the fallback of `markHMaxima`.
 *
 * Pixels are added from the highest value downwards and joined with those that are already there within a disk. A pixel of value v is a
 * peak iff, once all pixels with `v - value < h` are there, its component holds no seed less than h below v. Components are kept for
 * squares that fit into the disk, not for pixels, because all added pixels of such a square belong together.
 */
export function markBySweep(
  plane: Float32Array,
  size: PlaneSize,
  options: HMaximaOptions,
  marks: Uint8Array,
  scratch: Scratch,
): void {
  const order = descendingOrder(plane, scratch);
  const squares = new Squares(plane, size, options.radius, scratch);
  let added = 0;
  for (let i = 0; i < order.length; i++) {
    const value = plane[order[i]];
    for (; added < order.length && value - plane[order[added]] < options.h; added++) {
      squares.add(order[added], seedOf(plane[order[added]], options.h));
    }
    if (!(value - squares.highestSeed(order[i]) < options.h)) marks[order[i]] = 1;
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
    this.#halfWidths = Int32Array.from({ length: radius + 1 }, (_, dy) =>
      Math.floor(Math.sqrt(radius ** 2 - dy ** 2)),
    );
    this.#reach = radius < 1 ? 0 : Math.floor((radius - 1) / this.#side) + 1;
  }

  highestSeed(pixel: number): number {
    return this.#seeds[this.#rootOf(this.#squareOf(pixel))];
  }

  /** Adds a pixel. All pixels with higher values must have been added. */
  add(pixel: number, seed: number): void {
    const square = this.#squareOf(pixel);
    const row = Math.floor(square / this.#across);
    const column = square - row * this.#across;
    let root = this.#rootOf(square);
    if (!(this.#seeds[root] >= seed)) this.#seeds[root] = seed;
    const bottom = Math.min(row + this.#reach, this.#down - 1);
    const right = Math.min(column + this.#reach, this.#across - 1);
    for (let y = Math.max(row - this.#reach, 0); y <= bottom; y++) {
      for (let x = Math.max(column - this.#reach, 0); x <= right; x++) {
        const other = this.#rootOf(y * this.#across + x);
        if (other === root || this.#seeds[other] === -Infinity) continue;
        if (this.#reaches(pixel, y, x)) root = this.#join(root, other);
      }
    }
  }

  /** Whether the disk around a pixel holds an added pixel of the square at (squareRow, squareColumn). */
  #reaches(pixel: number, squareRow: number, squareColumn: number): boolean {
    const { rows, columns } = this.#size;
    const side = this.#side;
    const bound = this.#plane[pixel];
    const row = Math.floor(pixel / columns);
    const column = pixel - row * columns;
    const radius = this.#halfWidths.length - 1;
    const top = Math.max(squareRow * side, row - radius);
    const bottom = Math.min((squareRow + 1) * side, rows, row + radius + 1);
    for (let y = top; y < bottom; y++) {
      const half = this.#halfWidths[Math.abs(y - row)];
      const left = Math.max(squareColumn * side, column - half);
      const right = Math.min((squareColumn + 1) * side, columns, column + half + 1);
      for (let i = y * columns + left; i < y * columns + right; i++) {
        if (this.#plane[i] >= bound) return true;
      }
    }
    return false;
  }

  #squareOf(pixel: number): number {
    const row = Math.floor(pixel / this.#size.columns);
    const column = pixel - row * this.#size.columns;
    return Math.floor(row / this.#side) * this.#across + Math.floor(column / this.#side);
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

  #join(a: number, b: number): number {
    const [root, child] = a < b ? [a, b] : [b, a];
    this.#parents[child] = root;
    if (!(this.#seeds[root] >= this.#seeds[child])) this.#seeds[root] = this.#seeds[child];
    return root;
  }
}
