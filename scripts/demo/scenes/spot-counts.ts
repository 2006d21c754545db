/** A spot as the CSV has it, with its whole cell: 0 for none. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly cell: number;
}

/** Reads `x,y,cellID0,cellID1`: nuclei, then whole cells. */
export function readSpots(csv: Uint8Array | undefined): Spot[] {
  const [, ...rows] = new TextDecoder().decode(csv).trim().split(/\r?\n/);
  return rows.map((row) => {
    const [x = NaN, y = NaN, , cell = 0] = row.split(',').map(Number);
    return { x, y, cell };
  });
}

/** How many spots each cell has, those without any included. */
export function spotsPerCell(
  spots: readonly Spot[],
  labels: Iterable<number>,
): Map<number, number> {
  const cells = [...new Set(labels)].filter((label) => label > 0).toSorted((a, b) => a - b);
  const counts = new Map(cells.map((cell) => [cell, 0]));
  for (const { cell } of spots) {
    if (cell > 0) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return counts;
}
