import { encodeTiff } from '../../formats/encode-tiff.ts';

const SIDE = 256;
const SPACING = 64;
const RADIUS = 14;
/** Discs in the sample: one in each square of a grid. */
export const CELLS = (SIDE / SPACING) ** 2;

/** A TIFF of bright discs with soft edges on a dark ground, float32 `[row, column]`. */
export function sampleImage(): Uint8Array {
  const data = Float32Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [row, column] = [Math.floor(at / SIDE), at % SIDE];
    const distance = Math.hypot(fromCentre(row), fromCentre(column));
    return 100 + 900 / (1 + Math.exp(distance - RADIUS));
  });
  return encodeTiff({ shape: [SIDE, SIDE], data });
}

function fromCentre(position: number): number {
  return (position % SPACING) - SPACING / 2;
}
