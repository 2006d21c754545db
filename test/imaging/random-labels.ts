import type { PlaneSize } from '../../src/imaging/plane.ts';
import { seededRandom } from '../../src/seeded-random.ts';

export interface RandomLabels {
  readonly name: string;
  readonly size: PlaneSize;
  readonly labels: Int32Array;
}

const SIZES: readonly PlaneSize[] = [
  { rows: 30, columns: 37 },
  { rows: 1, columns: 50 },
  { rows: 50, columns: 1 },
  { rows: 1, columns: 1 },
];

/** Label images of discs, rings and specks that lie over each other, with gaps in the numbers. */
export function* randomLabels(repeats: number): Generator<RandomLabels> {
  let seed = 0;
  for (const size of SIZES) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const random = seededRandom(++seed);
      const labels = new Int32Array(size.rows * size.columns);
      for (let shape = 0; shape < 25; shape++) drawRing(labels, size, random);
      const specks = random() < 0.5 ? 0.05 : 0.4;
      yield {
        name: `${size.rows}×${size.columns} seed ${seed}`,
        size,
        labels: labels.map((label) => (random() < specks ? Math.floor(random() * 4) * 3 : label)),
      };
    }
  }
}

function drawRing(labels: Int32Array, { rows, columns }: PlaneSize, random: () => number): void {
  const label = 1 + Math.floor(random() * 40);
  const [y, x] = [random() * rows, random() * columns];
  const outer = 1 + random() * 9;
  const inner = random() < 0.5 ? -1 : outer * random();
  for (let i = 0; i < labels.length; i++) {
    const distance = Math.hypot(Math.floor(i / columns) - y, (i % columns) - x);
    if (distance <= outer && distance >= inner) labels[i] = label;
  }
}
