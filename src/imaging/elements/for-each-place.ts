import { sizeOf } from '../array.ts';

/** An axis of an array whose axes are put into another order. */
export interface MovedAxis {
  readonly length: number;
  /** Elements from one place to the next, before and after. */
  readonly from: number;
  readonly to: number;
}

/** Visits the places along some axes in C order: where each is in the array, before and after. */
export function forEachPlace(
  axes: readonly MovedAxis[],
  visit: (from: number, to: number) => void,
): void {
  const places = sizeOf(axes.map(({ length }) => length));
  for (let index = 0; index < places; index++) {
    let [rest, from, to] = [index, 0, 0];
    for (const axis of axes.toReversed()) {
      const place = rest % axis.length;
      rest = (rest - place) / axis.length;
      from += place * axis.from;
      to += place * axis.to;
    }
    visit(from, to);
  }
}
