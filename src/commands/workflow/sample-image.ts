import { encodeTiff } from '../../formats/encode-tiff.ts';
import { seededRandom } from '../../seeded-random.ts';

const SIDE = 256;
const SPACING = 64;
/** Nuclei in the sample: one in each square of a grid. */
export const CELLS = (SIDE / SPACING) ** 2;

const GROUND = 100;
const NOISE = 8;

interface Nucleus {
  readonly row: number;
  readonly column: number;
  readonly radius: number;
  readonly brightness: number;
}

/**
 * A TIFF of nuclei as a microscope shows them, float32 `[row, column]`: of several sizes and brightnesses, with soft
 * edges, on a ground with noise. Without noise a model that evens out contrast finds nothing.
 */
export function sampleImage(): Uint8Array {
  const random = seededRandom(1);
  const nuclei = Array.from({ length: CELLS }, (_, at) => nucleus(at, random));
  const data = Float32Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [row, column] = [Math.floor(at / SIDE), at % SIDE];
    const light = nuclei.reduce((sum, one) => sum + lightOf(one, row, column), GROUND);
    // The sum of four is nearly normally distributed.
    const noise = random() + random() + random() + random() - 2;
    return Math.round(light + NOISE * Math.sqrt(light / GROUND) * noise);
  });
  return encodeTiff({ shape: [SIDE, SIDE], data });
}

function nucleus(at: number, random: () => number): Nucleus {
  const centre = (square: number): number => (square + 0.5) * SPACING + 16 * (random() - 0.5);
  return {
    row: centre(Math.floor(at / (SIDE / SPACING))),
    column: centre(at % (SIDE / SPACING)),
    radius: 10 + 5 * random(),
    brightness: 500 + 500 * random(),
  };
}

function lightOf({ row, column, radius, brightness }: Nucleus, y: number, x: number): number {
  const distance = Math.hypot(y - row, x - column);
  return brightness / (1 + Math.exp(distance - radius));
}
