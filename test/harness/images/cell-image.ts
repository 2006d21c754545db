import { encodeTiff } from '../../../src/formats/encode-tiff.ts';

/** A TIFF of planes of 64 × 64 pixels, with a round bright cell at (16, 16) and another at (48, 48). */
export function cellImage(planes = 1): Uint8Array {
  const side = 64;
  const data = Float32Array.from({ length: planes * side * side }, (_, at) => {
    const [row, column] = [Math.floor(at / side) % side, at % side];
    const near = Math.min(Math.hypot(row - 16, column - 16), Math.hypot(row - 48, column - 48));
    return Math.max(0, 1000 - 80 * near);
  });
  return encodeTiff({ shape: planes === 1 ? [side, side] : [planes, side, side], data });
}
