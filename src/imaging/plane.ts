/** The extent of one plane of an image in C order: pixel (row, column) stands at `row * columns + column`. */
export interface PlaneSize {
  readonly rows: number;
  readonly columns: number;
}

/** Rows and columns that an image is to have. */
export type Size = readonly [rows: number, columns: number];
