import { sharedFloat32 } from '../../src/imaging/array.ts';
import {
  type DeepWatershedOptions,
  deepWatershed,
} from '../../src/imaging/watershed/deep-watershed.ts';
import { smoothPlane } from '../../src/imaging/watershed/gaussian.ts';
import type { Bench } from './measure.ts';
import { NUCLEAR, WHOLE_CELL } from './postprocessing.ts';
import { seededRandom } from '../../src/seeded-random.ts';

/** Inputs that no cells make: each is to take at most ten times as long as dense nuclei. */
export const DEGENERATE: readonly Bench[] = [
  ...both(
    'a plateau',
    filled(() => 0.75),
  ),
  ...both('noise with 10⁵ maxima', smoothNoise),
  ...both(
    'noise',
    filled((_, random) => random()),
  ),
  ...both(
    'noise in steps of 0.1',
    filled((_, random) => Math.floor(11 * random()) / 10),
  ),
  ...both(
    'one object with holes',
    filled((at) => (at % 10 === 0 ? 0 : 0.75 + (at % 7) / 1000)),
  ),
];

type Paint = (size: number) => Float32Array;

function both(name: string, paint: Paint): Bench[] {
  return [
    degenerate(`${name}, nuclear`, NUCLEAR, paint),
    degenerate(`${name}, mesmer whole-cell`, WHOLE_CELL, paint),
  ];
}

function degenerate(name: string, options: DeepWatershedOptions, paint: Paint): Bench {
  return {
    name: `degenerate: ${name}`,
    prepare(size) {
      const data = sharedFloat32(size * size);
      data.set(paint(size));
      const plane = { shape: [1, size, size, 1], data };
      // One pixel of another height: without it nothing would stand out, and there would be nothing to do.
      data[0] = 0;
      return () => deepWatershed({ maxima: plane, interior: plane, ...options });
    },
  };
}

function filled(fill: (at: number, random: () => number) => number): Paint {
  return (size) => {
    const random = seededRandom(3);
    return new Float32Array(size * size).map((_, at) => fill(at, random));
  };
}

/** Noise, smoothed and stretched to 0…1. */
function smoothNoise(size: number): Float32Array {
  const random = seededRandom(3);
  const noise = new Float32Array(size * size).map(random);
  const smooth = new Float32Array(noise.length);
  const options = { sigma: [1.5, 1.5], outside: 'mirror' } as const;
  smoothPlane(noise, { rows: size, columns: size }, options, smooth);
  const lowest = smooth.reduce((least, value) => Math.min(least, value));
  const highest = smooth.reduce((most, value) => Math.max(most, value));
  return smooth.map((value) => (value - lowest) / (highest - lowest));
}
