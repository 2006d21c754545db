import { IntegerList } from '../integer-list.ts';
import { forEachRow, type Runs } from './label-runs.ts';
import type { LabelSurvey } from './label-survey.ts';
import type { PlaneSize } from '../plane.ts';
import { type Scratch, withScratch } from '../scratch.ts';

/**
 * Fills holes of fewer than `limit` pixels in labels, in place, as deepcell does. Every label with a hole of
 * any size takes over all 4-connected pieces of fewer than `limit` pixels within its bounding box that are
 * not its own: holes, but also corners of the box and small pieces of other labels. Labels are filled in
 * ascending order, each on what those before have left; boxes and holes are those of the original image.
 *
 * @param survey Of these labels. Those without pixels in it have no holes; the numbers of pixels are kept up to date.
 */
export function fillHoles(
  labels: Int32Array,
  size: PlaneSize,
  limit: number,
  { pixels, euler }: LabelSurvey,
): void {
  const isHoled = euler.map((number, label) => (pixels[label] > 0 && number < 1 ? 1 : 0));
  if (!isHoled.includes(1)) return;
  withScratch((scratch) => {
    const filler = new HoleFiller(labels, size, limit, pixels, scratch);
    filler.fillAll(findHoled(labels, size, isHoled));
  });
}

/** A label with a hole: its runs, their first pixels and the ends in turn, and its bounding box, both ends included. */
interface HoledLabel {
  readonly label: number;
  readonly runs: Int32Array;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The labels with holes, ascending. */
function findHoled(labels: Int32Array, size: PlaneSize, isHoled: Int32Array): HoledLabel[] {
  const runs = new IntegerList();
  // Where the runs of each label end in a list by label; first, how many numbers those are.
  const ends = new Int32Array(isHoled.length);
  const noted = { runs, ends };
  forEachRow(labels, size, (row) => noteHoled(labels, row, isHoled, noted));
  const holed = [...ends.keys()].filter((label) => ends[label] > 0);
  const byLabel = new Int32Array(runs.length);
  let start = 0;
  const starts = holed.map((label) => {
    const first = start;
    start += ends[label];
    ends[label] = first;
    return first;
  });
  for (let i = 0; i < runs.length; i += 2) {
    const label = labels[runs.at(i)];
    byLabel[ends[label]++] = runs.at(i);
    byLabel[ends[label]++] = runs.at(i + 1);
  }
  return holed.map((label, index) =>
    withBox(label, byLabel.subarray(starts[index], ends[label]), size.columns),
  );
}

/** Notes the runs of a row that belong to labels with holes, and counts their first pixels and ends. */
function noteHoled(
  labels: Int32Array,
  { start, count, ends: places }: Runs,
  isHoled: Int32Array,
  { runs, ends }: { readonly runs: IntegerList; readonly ends: Int32Array },
): void {
  let first = 0;
  for (let i = 0; i < count; i++) {
    const label = labels[start + first];
    if (isHoled[label] === 1) {
      runs.push(start + first);
      runs.push(start + places[i]);
      ends[label] += 2;
    }
    first = places[i];
  }
}

function withBox(label: number, runs: Int32Array, columns: number): HoledLabel {
  let left = columns;
  let right = -1;
  for (let i = 0; i < runs.length; i += 2) {
    left = Math.min(left, runs[i] % columns);
    right = Math.max(right, (runs[i + 1] - 1) % columns);
  }
  const top = Math.floor(runs[0] / columns);
  const bottom = Math.floor(runs[runs.length - 2] / columns);
  return { label, runs, top, bottom, left, right };
}

/** Which piece of a label's surroundings a pixel belongs to is noted by the number of the search that met it. */
class HoleFiller {
  readonly #labels: Int32Array;
  readonly #columns: number;
  readonly #limit: number;
  /** Pixels of each label. */
  readonly #pixels: Int32Array;
  readonly #metBy: Int32Array;
  readonly #piece = new IntegerList(64);
  #search = 0;
  /** Whether the piece may still turn out to be small. */
  #isSmall = true;

  constructor(
    labels: Int32Array,
    size: PlaneSize,
    limit: number,
    pixels: Int32Array,
    scratch: Scratch,
  ) {
    this.#labels = labels;
    this.#columns = size.columns;
    this.#limit = limit;
    this.#pixels = pixels;
    this.#metBy = scratch.int32(labels.length).fill(0);
  }

  fillAll(holed: readonly HoledLabel[]): void {
    for (const one of holed) this.#fill(one);
  }

  /** Every piece touches the label, unless labels before have left nothing of it. */
  #fill(holed: HoledLabel): void {
    const firstSearch = this.#search + 1;
    let remains = false;
    for (let run = 0; run < holed.runs.length; run += 2) {
      for (let pixel = holed.runs[run]; pixel < holed.runs[run + 1]; pixel++) {
        if (this.#labels[pixel] !== holed.label) continue;
        remains = true;
        this.#fillAround(pixel, holed, firstSearch);
      }
    }
    if (!remains) this.#fillFrom(holed.top * this.#columns + holed.left, holed, firstSearch);
  }

  #fillAround(pixel: number, holed: HoledLabel, firstSearch: number): void {
    const row = Math.floor(pixel / this.#columns);
    const column = pixel - row * this.#columns;
    if (row > holed.top) this.#fillFrom(pixel - this.#columns, holed, firstSearch);
    if (row < holed.bottom) this.#fillFrom(pixel + this.#columns, holed, firstSearch);
    if (column > holed.left) this.#fillFrom(pixel - 1, holed, firstSearch);
    if (column < holed.right) this.#fillFrom(pixel + 1, holed, firstSearch);
  }

  /** Fills the piece around a pixel, if that is not the label's own and the piece turns out to be small. */
  #fillFrom(start: number, holed: HoledLabel, firstSearch: number): void {
    if (this.#labels[start] === holed.label || this.#metBy[start] >= firstSearch) return;
    if (!this.#explore(start, holed, firstSearch)) return;
    for (let i = 0; i < this.#piece.length; i++) {
      const pixel = this.#piece.at(i);
      this.#pixels[this.#labels[pixel]]--;
      this.#labels[pixel] = holed.label;
    }
    this.#pixels[holed.label] += this.#piece.length;
  }

  /** Collects the piece around a pixel; false as soon as it is too large, or part of one that was. */
  #explore(start: number, holed: HoledLabel, firstSearch: number): boolean {
    const piece = this.#piece;
    this.#search++;
    piece.length = 0;
    this.#isSmall = true;
    this.#meet(start, holed, firstSearch);
    for (let i = 0; i < piece.length && this.#isSmall; i++) {
      const pixel = piece.at(i);
      const row = Math.floor(pixel / this.#columns);
      const column = pixel - row * this.#columns;
      if (row > holed.top) this.#meet(pixel - this.#columns, holed, firstSearch);
      if (row < holed.bottom) this.#meet(pixel + this.#columns, holed, firstSearch);
      if (column > holed.left) this.#meet(pixel - 1, holed, firstSearch);
      if (column < holed.right) this.#meet(pixel + 1, holed, firstSearch);
      if (piece.length >= this.#limit) this.#isSmall = false;
    }
    return this.#isSmall;
  }

  /** Adds a pixel to the piece, unless it is the label's own or in it already. */
  #meet(pixel: number, holed: HoledLabel, firstSearch: number): void {
    const metBy = this.#metBy[pixel];
    if (metBy === this.#search || this.#labels[pixel] === holed.label) return;
    if (metBy >= firstSearch) this.#isSmall = false;
    this.#metBy[pixel] = this.#search;
    this.#piece.push(pixel);
  }
}
