import { type ChannelPlane, planeEnd } from '../planes.ts';
import { type Scratch, withScratch } from '../scratch.ts';

/*
 * Percentiles without sorting. The bits of a float32 become an unsigned key of the same order. One
 * pass counts the upper halves of the keys, which tells in whose bucket a rank lies; another pass
 * counts the lower halves of the keys in that bucket.
 */

const HALF = 65_536;
const PLUS_ZERO = 0x80000000;
const MINUS_ZERO = 0x7fffffff;
/** Upper halves of the keys of -∞ and +∞: beyond them, or among them, is NaN. */
const LOWEST = 0x007f;
const HIGHEST = 0xff80;

/** Which pixels of a plane a percentile is taken of. */
export type Pixels = 'all' | 'other than 0';

/**
 * Percentiles of float32 values by linear interpolation, in double precision, rounded as numpy
 * rounds them for float32 data. NaN if one of the values is NaN; none at all if there are no
 * values.
 */
export function percentiles(
  plane: ChannelPlane,
  percents: readonly number[],
  pixels: Pixels,
): number[] {
  return withScratch((scratch) => {
    const values = new Ranking(plane, pixels, scratch);
    const hasNaN = values.count > 0 && values.hasNaN();
    return hasNaN ? percents.map(() => NaN) : percentilesOf(values, percents);
  });
}

/** Values in the order of their size. */
export interface Ranked {
  readonly count: number;
  /** The value of this rank, from 0. */
  readonly at: (rank: number) => number;
}

/** The same of values that are in order; none at all if there are no values. */
export function percentilesOf(values: Ranked, percents: readonly number[]): number[] {
  return values.count === 0 ? [] : percents.map((percent) => interpolated(values, percent));
}

function interpolated(values: Ranked, percent: number): number {
  const position = (values.count - 1) * (percent / 100);
  const rank = Math.floor(position);
  if (rank >= values.count - 1) return values.at(values.count - 1);
  const below = values.at(rank);
  const above = values.at(rank + 1);
  const step = Math.fround(above - below);
  const share = position - rank;
  return share < 0.5 ? below + step * share : above - step * (1 - share);
}

/** The values of a plane in the order of their size. */
class Ranking implements Ranked {
  readonly count: number;
  readonly #plane: ChannelPlane;
  readonly #bits: Uint32Array;
  readonly #pixels: Pixels;
  readonly #upper: Int32Array;
  readonly #lower: Int32Array;
  /** The upper half whose lower halves are counted. */
  #bucket = -1;

  constructor(plane: ChannelPlane, pixels: Pixels, scratch: Scratch) {
    const { data } = plane;
    this.#plane = plane;
    this.#pixels = pixels;
    this.#bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
    this.#upper = scratch.int32(HALF).fill(0);
    this.#lower = scratch.int32(HALF);
    const zeros = this.#countUpper();
    this.count = plane.rows * plane.columns - zeros;
  }

  hasNaN(): boolean {
    if (!this.#reachesBeyond()) return false;
    const { data, start, step } = this.#plane;
    const end = planeEnd(this.#plane);
    for (let i = start; i < end; i += step) if (Number.isNaN(data[i])) return true;
    return false;
  }

  /** Whether there are values whose upper half is that of an infinity or of NaN. */
  #reachesBeyond(): boolean {
    const counts = this.#upper;
    for (let bucket = 0; bucket <= LOWEST; bucket++) if (counts[bucket] > 0) return true;
    for (let bucket = HIGHEST; bucket < HALF; bucket++) if (counts[bucket] > 0) return true;
    return false;
  }

  at(rank: number): number {
    let bucket = 0;
    let before = 0;
    while (before + this.#upper[bucket] <= rank) before += this.#upper[bucket++];
    if (bucket !== this.#bucket) this.#countLower(bucket);
    let low = 0;
    while (before + this.#lower[low] <= rank) before += this.#lower[low++];
    return valueOf(bucket * HALF + low);
  }

  /** Returns how many values are 0. */
  #countUpper(): number {
    const { start, step } = this.#plane;
    const end = planeEnd(this.#plane);
    const bits = this.#bits;
    const counts = this.#upper;
    // Equal neighbours would wait for each other's count; so two lists take turns.
    const others = this.#lower.fill(0);
    let i = start;
    for (; i < end - step; i += 2 * step) {
      const [upper, other] = [upperOf(bits[i] | 0), upperOf(bits[i + step] | 0)];
      counts[upper] = counts[upper] + 1;
      others[other] = others[other] + 1;
    }
    if (i < end) counts[upperOf(bits[i] | 0)] += 1;
    for (let upper = 0; upper < HALF; upper++) counts[upper] += others[upper];
    return this.#pixels === 'all' ? 0 : this.#leaveOutZeros();
  }

  #leaveOutZeros(): number {
    const counts = this.#upper;
    if (counts[PLUS_ZERO >>> 16] === 0 && counts[MINUS_ZERO >>> 16] === 0) return 0;
    const { start, step } = this.#plane;
    const end = planeEnd(this.#plane);
    const bits = this.#bits;
    let plus = 0;
    let minus = 0;
    for (let i = start; i < end; i += step) {
      if (bits[i] === 0) plus++;
      else if (bits[i] === PLUS_ZERO) minus++;
    }
    counts[PLUS_ZERO >>> 16] -= plus;
    counts[MINUS_ZERO >>> 16] -= minus;
    return plus + minus;
  }

  #countLower(bucket: number): void {
    const { start, step } = this.#plane;
    const end = planeEnd(this.#plane);
    const bits = this.#bits;
    const counts = this.#lower.fill(0);
    for (let i = start; i < end; i += step) {
      const bit = bits[i] | 0;
      const key = bit ^ ((bit >> 31) | 0x80000000);
      if (key >>> 16 !== bucket) continue;
      const lower = key & 0xffff;
      counts[lower] = counts[lower] + 1;
    }
    if (this.#pixels === 'other than 0') {
      if (bucket === PLUS_ZERO >>> 16) counts[0] = 0;
      if (bucket === MINUS_ZERO >>> 16) counts[0xffff] = 0;
    }
    this.#bucket = bucket;
  }
}

/** The upper half of the key of a float32, by its bits. */
function upperOf(bits: number): number {
  return (bits ^ ((bits >> 31) | 0x80000000)) >>> 16;
}

/** The float32 with this key. */
function valueOf(key: number): number {
  const bits = key >= PLUS_ZERO ? key - PLUS_ZERO : ~key >>> 0;
  return new Float32Array(Uint32Array.of(bits).buffer)[0];
}
