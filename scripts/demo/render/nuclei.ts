import { type PlaneSize, drawEllipse, renderGround } from './ellipse.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

interface Field extends PlaneSize {
  readonly nuclei: number;
  readonly seed: number;
}

/** A field of nuclei as a fluorescence microscope shows it: soft ellipses of differing brightness, uneven light, noise. float32. */
export function renderNuclei({ nuclei, seed, ...size }: Field): Float32Array {
  const random = seededRandom(seed);
  const plane = renderGround(size, random);
  for (let n = 0; n < nuclei; n++) {
    drawEllipse(plane, size, {
      row: random() * size.rows,
      column: random() * size.columns,
      axes: [8 + 4 * random(), 6 + 3 * random()],
      angle: Math.PI * random(),
      brightness: 500 + 900 * random(),
    });
  }
  return plane;
}
