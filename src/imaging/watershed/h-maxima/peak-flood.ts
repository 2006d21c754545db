import { EIGHT_NEIGHBOURS } from './disk.ts';
import { type DiskSteps, diskSteps } from './disk-steps.ts';
import { HighPixels } from './high-pixels.ts';
import { IntegerList } from '../../integer-list.ts';
import type { PaddedPlane } from './padded-plane.ts';
import type { Scratch } from '../../scratch.ts';
import { seedOf } from './seed-image.ts';

/* What is known of a pixel, and whether the present flood has met it. */
const UNKNOWN = 0;
const NO_PEAK = 1;
const PEAK = 2;
const VERDICT = 3;
const MET = 4;

/** Steps per pixel of the plane after which floods are given up. */
const STEPS_PER_PIXEL = 16;

/** Steps that take as long as a look at one of the high pixels. */
const LOOK_STEPS = 3;

/** More steps than these are not tried one by one. */
const MANY_STEPS = 64;

/** Steps that are tried before a flood is begun. */
const QUICK_STEPS = 48;

export interface PeakFloodOptions {
  readonly h: number;
  readonly radius: number;
  /** See `seedMargin`. */
  readonly margin: number;
}

/**
 * Decides whether single pixels are h-maxima by flooding from them. A pixel of value v is one unless disk
 * steps over pixels with `v - value < h` lead to a pixel whose seed is less than h below v.
 *
 * Verdicts are kept for all pixels that a flood meets and that share its outcome. A flood that is broken off
 * shows that every pixel met which is not higher than its start leads to the same higher pixel. An exhausted
 * flood shows that pixels of the same value are peaks too, and that those which the start itself rules out
 * are none.
 */
export class PeakFlood {
  /** True once the floods have become so long that a reconstruction is cheaper. Verdicts are void then. */
  gaveUp = false;

  readonly #values: Float32Array;
  readonly #options: PeakFloodOptions;
  readonly #states: Uint8Array;
  /** The pixels of the flood, in the order in which they were met. */
  readonly #met: Int32Array;
  readonly #disk: DiskSteps;
  /** For disks of many steps. */
  readonly #highPixels: HighPixels | undefined;
  readonly #reached = new IntegerList(64);
  readonly #neighbours: Int32Array;
  #count = 0;
  #budget: number;

  constructor(plane: PaddedPlane, options: PeakFloodOptions, scratch: Scratch) {
    const { values, stride } = plane;
    this.#values = values;
    this.#options = options;
    this.#states = scratch.bytes(values.length).fill(UNKNOWN);
    this.#met = scratch.int32(values.length);
    this.#disk = diskSteps(options.radius, stride);
    const isLarge = this.#disk.all.length > MANY_STEPS;
    this.#highPixels = isLarge ? new HighPixels(plane, options.radius, scratch) : undefined;
    this.#neighbours = Int32Array.from(
      EIGHT_NEIGHBOURS,
      ({ row, column }) => row * stride + column,
    );
    this.#budget = STEPS_PER_PIXEL * values.length;
  }

  /** Whether the pixel at `start` is an h-maximum. */
  isPeak(start: number): boolean {
    const known = this.#states[start];
    if (known !== UNKNOWN) return known === PEAK;
    if (this.#hasHigherInReach(start)) return false;
    const value = this.#values[start];
    this.#count = 0;
    const peak = !this.#rulesOut(start, value) && this.#exhausts(value);
    this.#remember(start, peak);
    return peak;
  }

  /** A clearly higher pixel nearby: what ends the search for most pixels. */
  #hasHigherInReach(start: number): boolean {
    const values = this.#values;
    const steps = this.#disk.all;
    const bound = values[start] + this.#options.margin;
    if (this.#highPixels !== undefined) return this.#highPixels.holdsAbove(start, bound);
    const count = Math.min(steps.length, QUICK_STEPS);
    for (let i = 0; i < count; i++) {
      if (values[start + steps[i]] > bound) return true;
    }
    return false;
  }

  /**
   * Floods from the pixels met so far; false if broken off by a pixel that rules out a peak of this value.
   * Steps to the four neighbours come first: afterwards few pixels have disk steps left that their neighbours
   * do not cover.
   */
  #exhausts(value: number): boolean {
    const nearest = this.#disk.all.subarray(0, 4);
    let near = 0;
    for (let far = 0; far < this.#count && !this.gaveUp; far++) {
      for (; near < this.#count; near++) {
        if (!this.#spreads(this.#met[near], nearest, value)) return false;
      }
      const pixel = this.#met[far];
      const steps = this.#uncoveredSteps(pixel);
      const isMany = this.#highPixels !== undefined && steps.length > MANY_STEPS;
      const spreads = isMany
        ? this.#spreadsFar(pixel, this.#highPixels, value)
        : this.#spreads(pixel, steps, value);
      if (!spreads) return false;
      this.gaveUp = this.#budget < 0;
    }
    return true;
  }

  #spreads(pixel: number, steps: Int32Array, value: number): boolean {
    const values = this.#values;
    const { h } = this.#options;
    this.#budget -= steps.length + 4;
    for (let i = 0; i < steps.length; i++) {
      const other = (pixel + steps[i]) | 0;
      if (value - values[other] < h && !this.#joins(other, value)) return false;
    }
    return true;
  }

  /** The same for all steps of the disk. */
  #spreadsFar(pixel: number, highPixels: HighPixels, value: number): boolean {
    const reached = this.#reached;
    const { h, margin } = this.#options;
    reached.length = 0;
    const looks = highPixels.listAround(pixel, { value, h, bound: value + margin }, reached);
    this.#budget -= LOOK_STEPS * looks;
    for (let i = 0; i < reached.length; i++) {
      if (!this.#joins(reached.at(i), value)) return false;
    }
    return true;
  }

  /** Takes a pixel into the flood, if it is not there; false if it rules out a peak of this value. */
  #joins(pixel: number, value: number): boolean {
    return (this.#states[pixel] & MET) !== 0 || !this.#rulesOut(pixel, value);
  }

  /** Whether a pixel that can be reached rules out a peak of this value; if not, it joins the flood. */
  #rulesOut(pixel: number, value: number): boolean {
    const { h, margin } = this.#options;
    const met = this.#values[pixel];
    if (met >= value - margin && value - seedOf(met, h) < h) return true;
    const state = this.#states[pixel];
    if (met >= value && state === NO_PEAK) return true;
    this.#states[pixel] = state | MET;
    this.#met[this.#count++] = pixel;
    return false;
  }

  /** The disk steps from a pixel that no neighbour in the same flood covers. */
  #uncoveredSteps(pixel: number): Int32Array {
    let mask = 0;
    for (let bit = 0; bit < 8; bit++) {
      if ((this.#states[pixel + this.#neighbours[bit]] & MET) !== 0) mask |= 1 << bit;
    }
    return this.#disk.uncovered(mask);
  }

  #remember(start: number, peak: boolean): void {
    const value = this.#values[start];
    const { h } = this.#options;
    const seed = seedOf(value, h);
    for (let i = 0; i < this.#count; i++) {
      const pixel = this.#met[i];
      const met = this.#values[pixel];
      let verdict = this.#states[pixel] & VERDICT;
      if (peak && met === value) verdict = PEAK;
      else if (peak ? met - seed < h : met <= value) verdict = NO_PEAK;
      this.#states[pixel] = verdict;
    }
    this.#states[start] = peak ? PEAK : NO_PEAK;
  }
}
