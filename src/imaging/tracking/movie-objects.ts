import { KnownError } from '../../errors.ts';
import { type Labels, sharedInt32 } from '../array.ts';

/** A movie in which no two objects have the same number, not even in different frames. */
export interface MovieObjects {
  /** int32 `[frame, row, column, 1]`. */
  readonly labels: Labels;
  /**
   * The number of the first object of each frame; those of a frame follow each other, in the order of their
   * original labels.
   */
  readonly firstIds: readonly number[];
  /** How many objects each frame has. */
  readonly counts: readonly number[];
}

/**
 * Numbers the objects of a movie `[frame, row, column, 1]` from frame to frame. Numbers start behind that of
 * objects in the movie, so that they cannot be taken for labels of tracks. Throws `invalid_job` for a frame
 * without background, which the reference cannot count.
 */
export function numberObjects({ shape, data }: Labels): MovieObjects {
  const [frames = 0, rows = 0, columns = 0] = shape;
  const area = rows * columns;
  const frameOf = (array: Int32Array, frame: number): Int32Array =>
    array.subarray(frame * area, (frame + 1) * area);
  const numbers = Array.from({ length: frames }, (_, frame) =>
    frameNumbers(frameOf(data, frame), frame),
  );
  const counts = numbers.map(({ size }) => size);
  const firstIds: number[] = [];
  const numbered = sharedInt32(data.length);
  let id = counts.reduce((sum, count) => sum + count, 0) + 1;
  for (const [frame, byLabel] of numbers.entries()) {
    const planes = { labels: frameOf(data, frame), numbered: frameOf(numbered, frame) };
    writeNumbers(planes, byLabel, id);
    firstIds.push(id);
    id += byLabel.size;
  }
  return { labels: { shape: [frames, rows, columns, 1], data: numbered }, firstIds, counts };
}

/** 1, 2, … by label for the labels of a frame, ascending. */
function frameNumbers(labels: Int32Array, frame: number): Map<number, number> {
  const found = presentLabels(labels);
  if (labels.length > 0 && !found.has(0)) {
    throw new KnownError(
      'nothing_to_track',
      `Frame ${frame} has no background pixel; its cells cannot be told apart from it.`,
    );
  }
  const ascending = Int32Array.from(found)
    .toSorted()
    .filter((label) => label > 0);
  return new Map(Array.from(ascending, (label, index) => [label, index + 1]));
}

/** What the pixels hold. Labels may be any numbers, so that nothing may be as long as the greatest of them. */
function presentLabels(labels: Int32Array): Set<number> {
  const found = new Set<number>();
  for (let i = 0; i < labels.length; i++) {
    if (i === 0 || labels[i] !== labels[i - 1]) found.add(labels[i]);
  }
  return found;
}

/** Writes the numbers of the objects of a frame, of which the first has the number `firstId`. */
function writeNumbers(
  { labels, numbered }: { readonly labels: Int32Array; readonly numbered: Int32Array },
  byLabel: ReadonlyMap<number, number>,
  firstId: number,
): void {
  let last = 0;
  let id = 0;
  for (let i = 0; i < labels.length; i++) {
    // Neighbours mostly have the same label.
    if (labels[i] !== last) {
      last = labels[i];
      const number = byLabel.get(last);
      id = number === undefined ? 0 : firstId + number - 1;
    }
    numbered[i] = id;
  }
}
