import { KnownError } from '../../errors.ts';
import { type Labels, sharedInt32 } from '../array.ts';
import { greatestLabel } from '../watershed/label-operations.ts';

/** A movie in which no two objects have the same number, not even in different frames. */
export interface MovieObjects {
  /** int32 `[frame, row, column, 1]`. */
  readonly labels: Labels;
  /** The number of the first object of each frame; those of a frame follow each other, in the order of their original labels. */
  readonly firstIds: readonly number[];
  /** How many objects each frame has. */
  readonly counts: readonly number[];
}

/**
 * Numbers the objects of a movie `[frame, row, column, 1]` from frame to frame. Numbers start behind that of objects in the movie, so
 * that they cannot be taken for labels of tracks. Throws `invalid_job` for a frame without background, which the reference cannot count.
 */
export function numberObjects({ shape, data }: Labels): MovieObjects {
  const [frames = 0, rows = 0, columns = 0] = shape;
  const area = rows * columns;
  const numbers = Array.from({ length: frames }, (_, frame) =>
    frameNumbers(data.subarray(frame * area, (frame + 1) * area), frame),
  );
  const counts = numbers.map((byLabel) =>
    byLabel.reduce((most, number) => Math.max(most, number), 0),
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  const firstIds: number[] = [];
  const numbered = sharedInt32(data.length);
  let id = total + 1;
  for (const [frame, byLabel] of numbers.entries()) {
    for (let i = frame * area; i < (frame + 1) * area; i++) {
      const number = byLabel[data[i]];
      if (number > 0) numbered[i] = id + number - 1;
    }
    firstIds.push(id);
    id += counts[frame] ?? 0;
  }
  return { labels: { shape: [frames, rows, columns, 1], data: numbered }, firstIds, counts };
}

/** 1, 2, … for the labels of a frame, ascending, by label. */
function frameNumbers(labels: Int32Array, frame: number): Int32Array {
  const numbers = new Int32Array(greatestLabel(labels) + 1);
  for (let i = 0; i < labels.length; i++) numbers[labels[i]] = 1;
  if (labels.length > 0 && numbers[0] === 0) {
    throw new KnownError(
      'invalid_job',
      `Frame ${frame} has no background pixel; its cells cannot be told apart from it.`,
    );
  }
  numbers[0] = 0;
  let count = 0;
  for (let label = 1; label < numbers.length; label++)
    if (numbers[label] > 0) numbers[label] = ++count;
  return numbers;
}
