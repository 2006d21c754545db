import { seededRandom } from '../../src/seeded-random.ts';

/** Random choices that follow from a seed alone. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededRandom(seed);
  }

  /** From 0 to below 1. */
  next(): number {
    return this.#next();
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('Nothing to pick from.');
    return item;
  }
}

/** Numbers at the edges of what fields hold. */
export const EDGES: readonly number[] = [
  0, 1, 2, 3, 7, 8, 9, 15, 16, 127, 128, 255, 256, 511, 512, 513, 4095, 32_767, 32_768, 65_535,
  65_536, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];
