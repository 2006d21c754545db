import type { PlaneSize } from '../plane.ts';

/**
 * Levels at which the pixels of a landscape are flooded. The rows are one pixel longer than those of the
 * landscape, and there is one above and one below, so that every pixel has four neighbours. Heights and
 * levels are `orderedKey`s, and `LOWEST` for what takes no part.
 */
export interface Surface {
  readonly size: PlaneSize;
  /** Distance between vertical neighbours; also where pixel (0, 0) stands. */
  readonly stride: number;
  readonly heights: Int32Array;
  readonly levels: Int32Array;
}

export interface FloodedSurface extends Surface {
  /** False if the levels were given up because water found its way too slowly. */
  readonly complete: boolean;
}
