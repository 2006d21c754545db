import { IntegerList } from '../integer-list.ts';

const BUCKET_BITS = 8;
const BUCKETS = 2 ** BUCKET_BITS;

/**
 * A queue of pixels that gives those with high levels first, in buckets of about equal levels. Pixels whose
 * level has risen since they were put in are given once, at the level that they have.
 */
export class LevelQueue {
  readonly #levels: Int32Array;
  readonly #buckets: (IntegerList | undefined)[] = Array.from({ length: BUCKETS }, () => undefined);
  readonly #highest: number;
  readonly #shift: number;
  #bucket = 0;
  #place = 0;

  /** Starts with some pixels. No level may ever be higher than the highest of them. */
  constructor(pixels: Int32Array, levels: Int32Array) {
    this.#levels = levels;
    let highest = -0x80000000;
    let lowest = 0x7fffffff;
    for (const pixel of pixels) {
      const level = levels[pixel];
      if (level > highest) highest = level;
      if (level < lowest) lowest = level;
    }
    this.#highest = highest;
    this.#shift = Math.max(0, 32 - Math.clz32(highest - lowest) - BUCKET_BITS);
    for (const pixel of pixels) this.put(pixel);
  }

  put(pixel: number): void {
    const bucket = this.#bucketOf(pixel);
    const list = (this.#buckets[bucket] ??= new IntegerList(64));
    list.push(pixel);
  }

  /** The next pixel, or -1 if there is none. */
  take(): number {
    for (; this.#bucket < BUCKETS; this.#bucket++, this.#place = 0) {
      const list = this.#buckets[this.#bucket];
      while (list !== undefined && this.#place < list.length) {
        const pixel = list.at(this.#place++);
        if (this.#bucketOf(pixel) === this.#bucket) return pixel;
      }
      this.#buckets[this.#bucket] = undefined;
    }
    return -1;
  }

  /** Levels below those at the start come last, all together. */
  #bucketOf(pixel: number): number {
    const depth = (this.#highest - this.#levels[pixel]) >>> this.#shift;
    return depth < BUCKETS ? depth : BUCKETS - 1;
  }
}
