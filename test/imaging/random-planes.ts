import type { PlaneSize } from '../../src/imaging/plane.ts';
import { seededRandom } from '../../src/seeded-random.ts';

export interface RandomPlane {
  readonly name: string;
  readonly size: PlaneSize;
  readonly plane: Float32Array;
}

type Random = () => number;
type Pattern = (size: PlaneSize, random: Random) => Float32Array;

const PATTERNS: Readonly<Record<string, Pattern>> = {
  noise: ({ rows, columns }, random) => Float32Array.from({ length: rows * columns }, random),
  blobs,
  'quantised blobs': (size, random) =>
    blobs(size, random).map((value) => Math.round(value * 8) / 8),
  'saturated blobs': (size, random) => blobs(size, random).map((value) => Math.min(2 * value, 1)),
  'noisy blobs': (size, random) => blobs(size, random).map((value) => value + 0.1 * random()),
  'quantised noise': ({ rows, columns }, random) => {
    const levels = 5 + Math.floor(random() * 200);
    return Float32Array.from(
      { length: rows * columns },
      () => Math.round(random() * levels) / levels,
    );
  },
  'two values': ({ rows, columns }, random) =>
    Float32Array.from({ length: rows * columns }, () => (random() < 0.6 ? 1 : 0)),
  'few values': ({ rows, columns }, random) =>
    Float32Array.from({ length: rows * columns }, () => Math.floor(random() * 5) / 10),
  constant: ({ rows, columns }, random) => new Float32Array(rows * columns).fill(random()),
  ramp: ({ rows, columns }, random) => {
    const slope = random() / 10;
    return Float32Array.from({ length: rows * columns }, (_, i) => (i % columns) * slope);
  },
  'negative noise': ({ rows, columns }, random) =>
    Float32Array.from({ length: rows * columns }, () => -random()),
  'noise with NaN': ({ rows, columns }, random) =>
    Float32Array.from({ length: rows * columns }, () => (random() < 0.2 ? NaN : random())),
  'blobs with NaN': (size, random) => blobs(size, random).map((v) => (random() < 0.1 ? NaN : v)),
  'only NaN': ({ rows, columns }) => new Float32Array(rows * columns).fill(NaN),
  'tiny steps': ({ rows, columns }, random) =>
    Float32Array.from(
      { length: rows * columns },
      () => 0.05 * random() + (random() < 0.1 ? 0.1 : 0),
    ),
};

const SIZES: readonly PlaneSize[] = [
  { rows: 23, columns: 31 },
  { rows: 40, columns: 12 },
  { rows: 1, columns: 40 },
  { rows: 40, columns: 1 },
  { rows: 1, columns: 1 },
  { rows: 2, columns: 3 },
];

/** Planes of every pattern and size, `repeats` of each. */
export function* randomPlanes(repeats: number): Generator<RandomPlane> {
  let seed = 0;
  for (const [pattern, make] of Object.entries(PATTERNS)) {
    for (const size of SIZES) {
      for (let repeat = 0; repeat < repeats; repeat++) {
        const plane = make(size, seededRandom(++seed));
        yield { name: `${pattern} ${size.rows}×${size.columns} seed ${seed}`, size, plane };
      }
    }
  }
}

/** Overlapping round hills with a height of up to 1. */
function blobs({ rows, columns }: PlaneSize, random: Random): Float32Array {
  const plane = new Float32Array(rows * columns);
  const count = 1 + Math.floor((rows * columns) / 60);
  for (let blob = 0; blob < count; blob++) {
    const [y, x] = [random() * rows, random() * columns];
    const [height, width] = [random(), 2 + 4 * random()];
    for (let i = 0; i < plane.length; i++) {
      const distance = Math.hypot(Math.floor(i / columns) - y, (i % columns) - x);
      plane[i] = Math.max(plane[i], height * (1 - distance / width));
    }
  }
  return plane;
}
