/** The bytes of a row, and what is around it. */
export interface FilteredRow {
  /** Where the row above starts. */
  readonly above: number;
  readonly length: number;
  /** Bytes of a pixel, at least 1. */
  readonly step: number;
}

/** Undoes a filter of PNG (section 9) in place, in the row that starts at `at`. */
export type Unfilter = (bytes: Uint8Array, at: number, row: FilteredRow) => void;

/** By the number of the filter. */
export const UNFILTERS: readonly Unfilter[] = [none, sub, up, average, paeth];
/** The same where no row is above, which counts as zeros. */
export const FIRST_ROW: readonly Unfilter[] = [none, sub, none, averageFirst, sub];

function none(): void {}

function sub(bytes: Uint8Array, at: number, { length, step }: FilteredRow): void {
  const end = at + length;
  for (let i = at + step; i < end; i++) bytes[i] += bytes[i - step];
}

function up(bytes: Uint8Array, at: number, { above, length }: FilteredRow): void {
  const shift = at - above;
  const end = at + length;
  for (let i = at; i < end; i++) bytes[i] += bytes[i - shift];
}

function averageFirst(bytes: Uint8Array, at: number, { length, step }: FilteredRow): void {
  const end = at + length;
  for (let i = at + step; i < end; i++) bytes[i] += bytes[i - step] >> 1;
}

function average(bytes: Uint8Array, at: number, { above, length, step }: FilteredRow): void {
  const shift = at - above;
  const first = at + Math.min(step, length);
  const end = at + length;
  for (let i = at; i < first; i++) bytes[i] += bytes[i - shift] >> 1;
  for (let i = first; i < end; i++) bytes[i] += (bytes[i - step] + bytes[i - shift]) >> 1;
}

function paeth(bytes: Uint8Array, at: number, { above, length, step }: FilteredRow): void {
  const end = at + length;
  // Each byte of a pixel by itself: what is left and above left of the next stays in registers.
  for (let byte = 0; byte < step; byte++) {
    let left = 0;
    let corner = 0;
    for (let i = at + byte, j = above + byte; i < end; i += step, j += step) {
      const over = bytes[j];
      const byLeft = Math.abs(over - corner);
      const byOver = Math.abs(left - corner);
      const byCorner = Math.abs(left + over - 2 * corner);
      const near = byLeft <= byOver ? left : over;
      left = (bytes[i] + (byCorner < Math.min(byLeft, byOver) ? corner : near)) & 255;
      bytes[i] = left;
      corner = over;
    }
  }
}
