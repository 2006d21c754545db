/** The cells of a label image, numbered from 0 in the order of their labels. */
export interface NumberedCells {
  /** The label of each cell, ascending. */
  readonly labels: Int32Array;
  /** The number of the cell that each pixel belongs to; -1 for the background. */
  readonly numbers: Int32Array;
}

/**
 * Numbers the cells of a label image, int32 of any shape, 0 for background. Labels may have gaps and need not
 * be small: time and memory follow the pixels. Negative labels count as background, as scikit-image's do.
 */
export function numberCells(labels: Int32Array): NumberedCells {
  const found = new Map<number, number>();
  const numbers = new Int32Array(labels.length);
  let last = 0;
  let number = -1;
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at];
    if (label !== last) {
      last = label;
      number = label > 0 ? (found.get(label) ?? found.size) : -1;
      if (number === found.size) found.set(label, number);
    }
    numbers[at] = number;
  }
  return inOrder(found, numbers);
}

/** Renumbers cells that were numbered as they were met. */
function inOrder(found: ReadonlyMap<number, number>, numbers: Int32Array): NumberedCells {
  const labels = Int32Array.from(found.keys()).toSorted();
  const places = new Int32Array(labels.length);
  for (const [place, label] of labels.entries()) places[found.get(label) ?? 0] = place;
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at];
    if (number >= 0) numbers[at] = places[number];
  }
  return { labels, numbers };
}
