import { sharedFloat32 } from '../../src/imaging/array.ts';
import { type DeepWatershedOptions, deepWatershed } from '../../src/imaging/deep-watershed.ts';
import type { Bench } from './measure.ts';
import { NUCLEAR, WHOLE_CELL } from './postprocessing.ts';
import { randomNumbers } from './specimens.ts';

/** Inputs that no cells make: each is to take at most ten times as long as dense nuclei. */
export const DEGENERATE: readonly Bench[] = [
  ...both('a plateau', () => 0.75),
  ...both('noise', (_, random) => random()),
  ...both('noise in steps of 0.1', (_, random) => Math.floor(11 * random()) / 10),
  ...both('one object with holes', (at) => (at % 10 === 0 ? 0 : 0.75 + (at % 7) / 1000)),
];

type Fill = (at: number, random: () => number) => number;

function both(name: string, fill: Fill): Bench[] {
  return [
    degenerate(`${name}, nuclear`, NUCLEAR, fill),
    degenerate(`${name}, mesmer whole-cell`, WHOLE_CELL, fill),
  ];
}

function degenerate(name: string, options: DeepWatershedOptions, fill: Fill): Bench {
  return {
    name: `degenerate: ${name}`,
    prepare(size) {
      const random = randomNumbers(3);
      const data = sharedFloat32(size * size).map((_, at) => fill(at, random));
      const plane = { shape: [1, size, size, 1], data };
      // One pixel of another height: without it nothing would stand out, and there would be nothing to do.
      data[0] = 0;
      return () => deepWatershed({ maxima: plane, interior: plane, ...options });
    },
  };
}
