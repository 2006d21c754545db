import { IntegerList } from '../integer-list.ts';
import type { PlaneSize } from '../plane.ts';
import type { Scratch } from '../scratch.ts';
import type { Markers } from './surface.ts';

/** The pixels of a mask, each with the number of its component. */
export interface Components extends Markers {
  /** How many components there are. */
  readonly count: number;
}

/**
 * Numbers the 8-connected components of the ones in a mask of zeros and ones from 1, in raster order of their
 * first pixel. The labels are a scratch array. Only the pixels of the mask are visited, by a union-find forest in which
 * the first pixel of a component is its root: Rosenfeld and Pfaltz, Journal of the ACM 13 (1966).
 */
export function labelComponents(
  mask: Uint8Array,
  { columns }: PlaneSize,
  scratch: Scratch,
): Components {
  const pixels = pixelsOf(mask);
  const parents = scratch.int32(pixels.length);
  let above = 0;
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i];
    const column = pixel % columns;
    parents[i] = i;
    if (column > 0 && i > 0 && pixels[i - 1] === pixel - 1) join(parents, i, i - 1);
    const first = pixel - columns - (column > 0 ? 1 : 0);
    const last = pixel - columns + (column + 1 < columns ? 1 : 0);
    while (pixels[above] < first) above++;
    for (let other = above; pixels[other] <= last; other++) join(parents, i, other);
  }
  return { pixels, ...numbered(parents) };
}

/** The places of the ones, four at a time where there are none. */
function pixelsOf(mask: Uint8Array): Int32Array {
  const found = new IntegerList();
  const { buffer, byteOffset, length } = mask.byteOffset % 4 === 0 ? mask : mask.slice();
  const fours = new Int32Array(buffer, byteOffset, length >> 2);
  for (let four = 0; four < fours.length; four++) {
    if (fours[four] !== 0) collect(mask, 4 * four, 4 * four + 4, found);
  }
  collect(mask, 4 * fours.length, length, found);
  return found.items();
}

function collect(mask: Uint8Array, from: number, to: number, found: IntegerList): void {
  for (let pixel = from; pixel < to; pixel++) if (mask[pixel] === 1) found.push(pixel);
}

/** Turns a forest, in which parents come first, into the numbers of its trees. */
function numbered(parents: Int32Array): { readonly labels: Int32Array; readonly count: number } {
  let count = 0;
  for (let i = 0; i < parents.length; i++) {
    // A parent has its number already.
    parents[i] = parents[i] === i ? ++count : parents[parents[i]];
  }
  return { labels: parents, count };
}

function join(parents: Int32Array, one: number, other: number): void {
  const [a, b] = [rootOf(parents, one), rootOf(parents, other)];
  if (a < b) parents[b] = a;
  else parents[a] = b;
}

function rootOf(parents: Int32Array, index: number): number {
  let root = index;
  while (parents[root] !== root) {
    parents[root] = parents[parents[root]];
    root = parents[root];
  }
  return root;
}
