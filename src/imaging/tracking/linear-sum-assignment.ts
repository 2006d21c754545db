import type { NdArray } from '../array.ts';

/**
 * The column of each row in an assignment of rows to columns of least total cost: shortest augmenting paths,
 * Crouse, "On implementing 2D rectangular assignment algorithms", IEEE Trans. Aerospace and Electronic
 * Systems 52 (2016). Among assignments of equal cost it chooses the same as scipy 1.10, because it looks at
 * the columns in the same order. Takes cubic time.
 *
 * @param costs `[row, column]`, as many rows as columns, all finite.
 */
export function linearSumAssignment(costs: NdArray<Float32Array | Float64Array>): Int32Array {
  const assignment = new Assignment(Float64Array.from(costs.data), costs.shape[0] ?? 0);
  for (let row = 0; row < assignment.size; row++) assignment.add(row);
  return assignment.columnOf;
}

class Assignment {
  readonly size: number;
  readonly columnOf: Int32Array;
  readonly #costs: Float64Array;
  readonly #rowOf: Int32Array;
  readonly #rowDuals: Float64Array;
  readonly #columnDuals: Float64Array;
  /** Length of the shortest path to each column, and the row before it on that path. */
  readonly #shortest: Float64Array;
  readonly #previous: Int32Array;
  readonly #remaining: Int32Array;
  /** How many columns are left in `#remaining`; those taken out stand behind them. */
  #left = 0;

  constructor(costs: Float64Array, size: number) {
    this.size = size;
    this.#costs = costs;
    this.columnOf = new Int32Array(size).fill(-1);
    this.#rowOf = new Int32Array(size).fill(-1);
    this.#rowDuals = new Float64Array(size);
    this.#columnDuals = new Float64Array(size);
    this.#shortest = new Float64Array(size);
    this.#previous = new Int32Array(size);
    this.#remaining = new Int32Array(size);
  }

  /** Assigns one more row, and moves others to make room for it. */
  add(row: number): void {
    const { sink, length } = this.#findPath(row);
    this.#updateDuals(row, length);
    for (let column = sink; ;) {
      const holder = this.#previous[column];
      const next = this.columnOf[holder];
      this.#rowOf[column] = holder;
      this.columnOf[holder] = column;
      if (holder === row) return;
      column = next;
    }
  }

  /** Dijkstra's algorithm from a row to the nearest free column. */
  #findPath(start: number): { sink: number; length: number } {
    this.#shortest.fill(Infinity);
    for (let i = 0; i < this.size; i++) this.#remaining[i] = this.size - 1 - i;
    this.#left = this.size;
    let length = 0;
    for (let row = start; ;) {
      const place = this.#relax(row, length);
      const column = this.#remaining[place];
      length = this.#shortest[column];
      this.#left--;
      this.#remaining[place] = this.#remaining[this.#left];
      this.#remaining[this.#left] = column;
      if (this.#rowOf[column] < 0) return { sink: column, length };
      row = this.#rowOf[column];
    }
  }

  /**
   * Shortens paths that get shorter through a row; returns the place of the nearest column, a free one if
   * there are several.
   */
  #relax(row: number, length: number): number {
    const costs = this.#costs;
    const shortest = this.#shortest;
    const dual = this.#rowDuals[row];
    let lowest = Infinity;
    let nearest = -1;
    for (let place = 0; place < this.#left; place++) {
      const column = this.#remaining[place];
      const through = length + costs[row * this.size + column] - dual - this.#columnDuals[column];
      if (through < shortest[column]) {
        shortest[column] = through;
        this.#previous[column] = row;
      }
      const isFree = this.#rowOf[column] < 0;
      if (shortest[column] < lowest || (shortest[column] === lowest && isFree)) {
        lowest = shortest[column];
        nearest = place;
      }
    }
    return nearest;
  }

  #updateDuals(start: number, length: number): void {
    this.#rowDuals[start] += length;
    for (let place = this.#left; place < this.size; place++) {
      const column = this.#remaining[place];
      const slack = length - this.#shortest[column];
      if (this.#rowOf[column] >= 0) this.#rowDuals[this.#rowOf[column]] += slack;
      this.#columnDuals[column] -= slack;
    }
  }
}
