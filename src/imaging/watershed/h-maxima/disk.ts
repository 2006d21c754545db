/** Positions relative to a pixel, in rows and columns. */
export interface Offset {
  readonly row: number;
  readonly column: number;
}

/** The eight neighbours of a pixel. Bit n of a neighbour mask stands for entry n. */
export const EIGHT_NEIGHBOURS: readonly Offset[] = [
  { row: -1, column: 0 },
  { row: 0, column: -1 },
  { row: 0, column: 1 },
  { row: 1, column: 0 },
  { row: -1, column: -1 },
  { row: -1, column: 1 },
  { row: 1, column: -1 },
  { row: 1, column: 1 },
];

const squaredLength = ({ row, column }: Offset): number => row * row + column * column;

/**
 * The offsets of the footprint `disk(radius)` of skimage.morphology: all within the Euclidean distance
 * `radius`, without the centre, nearest first.
 */
export function diskOffsets(radius: number): readonly Offset[] {
  const offsets: Offset[] = [];
  for (let row = -radius; row <= radius; row++) {
    for (let column = -radius; column <= radius; column++) {
      const length = row * row + column * column;
      if (length > 0 && length <= radius * radius) offsets.push({ row, column });
    }
  }
  return offsets.sort((a, b) => squaredLength(a) - squaredLength(b));
}

/**
 * For a pixel whose neighbours of `mask` belong to the same region: the offsets that lie nearer to none of
 * these neighbours than to the pixel. When a region spreads by disk steps, only these have to be looked at
 * from the pixel: any other offset is within reach of a neighbour, at a smaller distance, and by induction on
 * that distance some pixel of the region looks at it.
 */
export function uncoveredOffsets(offsets: readonly Offset[], mask: number): readonly Offset[] {
  const present = EIGHT_NEIGHBOURS.filter((_, bit) => (mask >> bit) & 1);
  return offsets.filter((offset) =>
    present.every(
      ({ row, column }) =>
        squaredLength({ row: offset.row - row, column: offset.column - column }) >=
        squaredLength(offset),
    ),
  );
}
