import { diskOffsets, type Offset, uncoveredOffsets } from './disk.ts';

/** Radii from which on steps are not kept: there would be too many, and floods use few of them. */
const LARGE_RADIUS = 16;
/** Disks that a thread keeps: below 1 MB each. */
const MOST_KEPT = 4;

/** The steps of a disk, as distances in a plane whose rows are `stride` apart. */
export class DiskSteps {
  /** All of them, the nearest first. */
  readonly all: Int32Array;
  readonly #offsets: readonly Offset[];
  readonly #stride: number;
  readonly #uncovered: (Int32Array | undefined)[] = Array.from({ length: 256 }, () => undefined);

  constructor(radius: number, stride: number) {
    this.#offsets = diskOffsets(radius);
    this.#stride = stride;
    this.all = this.#linear(this.#offsets);
  }

  /** Those that the neighbours of `mask` leave uncovered; see `uncoveredOffsets`. */
  uncovered(mask: number): Int32Array {
    return (this.#uncovered[mask] ??= this.#linear(uncoveredOffsets(this.#offsets, mask)));
  }

  #linear(offsets: readonly Offset[]): Int32Array {
    return Int32Array.from(offsets, ({ row, column }) => row * this.#stride + column);
  }
}

const kept = new Map<string, DiskSteps>();

/** The steps of a disk; of a small one those that were found for the images before. */
export function diskSteps(radius: number, stride: number): DiskSteps {
  if (radius >= LARGE_RADIUS) return new DiskSteps(radius, stride);
  const key = `${radius} ${stride}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size === MOST_KEPT) kept.clear();
  const steps = new DiskSteps(radius, stride);
  kept.set(key, steps);
  return steps;
}
