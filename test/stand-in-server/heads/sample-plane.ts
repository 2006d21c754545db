import type { PlaneSize } from '../../../src/imaging/plane.ts';

/** Hundredths from 0 to 1 in no apparent order; Python: `((np.arange(rows * columns) * 7919) % 101) / 100`. */
export function samplePlane({ rows, columns }: PlaneSize): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, at) => ((at * 7919) % 101) / 100);
}

/** A plane of 0.1 with a soft-edged disc of 0.7 around each centre. */
export function discs(
  { rows, columns }: PlaneSize,
  centres: readonly (readonly [row: number, column: number])[],
  radius: number,
): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    const nearest = Math.min(...centres.map(([y, x]) => Math.hypot(row - y, column - x)));
    return 0.1 + 0.6 / (1 + Math.exp(2 * (nearest - radius)));
  });
}
