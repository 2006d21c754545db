import { INFINITE, keyOf, valueOf } from '../../ordered-bits.ts';
import { withRows } from '../../row-kernels.ts';

/** The range of the values of a plane that are numbers, and whether some are not. */
export interface Extent {
  readonly least: number;
  readonly greatest: number;
  readonly hasGaps: boolean;
}

/** Pixels that are looked at in one call. */
const CHUNK = 4096;

/** Finds the least and the greatest value; `Infinity` and `-Infinity` if there are no numbers. */
export function extentOf(plane: Float32Array): Extent {
  const [least, greatest] = extremeKeys(plane);
  const hasGaps = greatest > INFINITE || least < keyOf(-Infinity);
  return hasGaps
    ? extentOfNumbers(plane)
    : { least: valueOf(least), greatest: valueOf(greatest), hasGaps };
}

/** Keys of NaN are beyond those of the infinities, on either side. */
function extremeKeys(plane: Float32Array): [least: number, greatest: number] {
  return withRows({ count: 2, width: CHUNK }, ({ kernels, row, rowOf }) => {
    const values = row('zero');
    const extent = rowOf(2, 'zero');
    extent.int32.set([keyOf(Infinity), keyOf(-Infinity)]);
    for (let start = 0; start < plane.length; start += CHUNK) {
      const chunk = plane.subarray(start, start + CHUNK);
      values.float32.set(chunk);
      // What does not fill four pixels is filled up with one of them.
      values.float32.fill(chunk[0], chunk.length, chunk.length + 3);
      kernels.widenExtent(values.address, chunk.length, extent.address);
    }
    return [extent.int32[0], extent.int32[1]];
  });
}

function extentOfNumbers(plane: Float32Array): Extent {
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = 0; i < plane.length; i++) {
    if (plane[i] < least) least = plane[i];
    if (plane[i] > greatest) greatest = plane[i];
  }
  return { least, greatest, hasGaps: true };
}
