import type { Layout } from './bands.ts';

/**
 * Levels at which the pixels of an image are flooded. There is a row above those of the image, one below, and at
 * least a pixel between two rows, so that every pixel has four neighbours. Heights and levels are
 * `orderedKey`s, and `LOWEST` for what takes no part.
 */
export interface Surface extends Layout {
  readonly heights: Int32Array;
  readonly levels: Int32Array;
}

export interface FloodedSurface extends Surface {
  /** False if the levels were given up because water found its way too slowly. */
  readonly complete: boolean;
}

/** Labels of single pixels. */
export interface Markers {
  /** Where they stand in a plane, ascending. */
  readonly pixels: Int32Array;
  /** Above 0. */
  readonly labels: Int32Array;
}
