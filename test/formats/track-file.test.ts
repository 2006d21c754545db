import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeNpy } from '../../src/formats/npy/npy.ts';
import { readTrackFile } from '../../src/formats/track-file.ts';

/** Two frames of 1 × 2 pixels. */
const shape = [2, 1, 2, 1];
const npy = (...values: readonly number[]): Uint8Array =>
  writeNpy({ shape, data: Float64Array.from(values) });

test('NaN and infinite pixels become background, the least value of their frame, and are counted', () => {
  const { image, labels, notes } = readTrackFile({
    raw: npy(NaN, 3, 5, Infinity),
    tracked: npy(0, 1, 2, 0),
  });
  assert.deepEqual([...image.data], [3, 3, 5, 5]);
  assert.deepEqual([...labels.data], [0, 1, 2, 0]);
  assert.deepEqual(notes, [
    '2 of 4 values are NaN or infinite (as 32-bit numbers) and taken for background.',
  ]);
  assert.deepEqual(readTrackFile({ raw: npy(1, 2, 3, 4), tracked: npy(0, 1, 2, 0) }).notes, []);
});

test('a movie, or a frame of it, that holds no numbers is refused', () => {
  const tracked = npy(0, 1, 2, 0);
  assert.throws(() => readTrackFile({ raw: npy(NaN, NaN, NaN, -Infinity), tracked }), {
    code: 'blank_image',
    message:
      '"raw.npy" holds no numbers: all of its 4 values are NaN or infinite (as 32-bit numbers).',
  });
  assert.throws(() => readTrackFile({ raw: npy(1, 2, NaN, NaN), tracked }), {
    code: 'blank_image',
    message: 'Frame 1 of "raw.npy" holds no numbers in channel 0: its values are NaN or infinite.',
  });
});

test('values that are no labels of 32 bits are refused by name; the greatest label is read', () => {
  const raw = npy(1, 2, 3, 4);
  const great = readTrackFile({ raw, tracked: npy(0, 2 ** 31 - 1, 7, -0) });
  assert.deepEqual([...great.labels.data], [0, 2147483647, 7, 0]);
  const wide = [2 ** 31, 2 ** 31 + 5, 2 ** 32 + 1, 1e300];
  for (const label of wide) {
    assert.throws(() => readTrackFile({ raw, tracked: npy(0, 1, label, 0) }), {
      code: 'corrupt_image',
      message: `"tracked.npy": label ${label} does not fit 32 bits; labels are 0 (background) to 2147483647. Number the cells anew.`,
    });
  }
  for (const label of [1.5, NaN, Infinity, -1, -(2 ** 31) - 1]) {
    assert.throws(() => readTrackFile({ raw, tracked: npy(0, 1, label, 0) }), {
      code: 'corrupt_image',
      message: `"tracked.npy": label ${label} is no whole number from 0 on; labels are 0 (background) to 2147483647. Number the cells anew.`,
    });
  }
});

test('an empty movie is refused as what it is', () => {
  const empty = (...sizes: number[]) => writeNpy({ shape: sizes, data: new Float32Array() });
  for (const sizes of [
    [0, 4, 4, 1],
    [2, 0, 4, 1],
  ]) {
    assert.throws(() => readTrackFile({ raw: empty(...sizes), tracked: empty(...sizes) }), {
      code: 'corrupt_image',
      message: `"raw.npy" holds an empty array: its shape is ${sizes.join(' × ')} (frames, rows, columns, channels).`,
    });
  }
});

test('numbers that 32 bits cannot hold are counted among the infinite ones', () => {
  const raw = writeNpy({ shape: [2, 1, 2, 1], data: Float64Array.of(1, 1e300, 3, 4) });
  const { notes } = readTrackFile({ raw, tracked: npy(0, 1, 1, 0) });
  assert.deepEqual(notes, [
    '1 of 4 values is NaN or infinite (as 32-bit numbers) and taken for background.',
  ]);
});

const LABELS =
  'frames × rows × columns × channels, and labels for the same pixels in one channel, frames × rows × columns × 1';
for (const [raw, tracked, found, expected] of [
  [
    [2, 3, 4, 1],
    [2, 3, 4, 2],
    '2 × 3 × 4 × 1, and that of "tracked.npy" 2 × 3 × 4 × 2',
    ': 2 × 3 × 4 × 1',
  ],
  [
    [2, 3, 4, 2],
    [2, 3, 4, 0],
    '2 × 3 × 4 × 2, and that of "tracked.npy" 2 × 3 × 4 × 0',
    ': 2 × 3 × 4 × 1',
  ],
  [
    [2, 3, 4, 1],
    [3, 3, 4, 1],
    '2 × 3 × 4 × 1, and that of "tracked.npy" 3 × 3 × 4 × 1',
    ': 2 × 3 × 4 × 1',
  ],
  [
    [2, 3, 4, 1],
    [2, 4, 3, 1],
    '2 × 3 × 4 × 1, and that of "tracked.npy" 2 × 4 × 3 × 1',
    ': 2 × 3 × 4 × 1',
  ],
  [
    [2, 3, 4, 1],
    [2, 3, 4],
    '2 × 3 × 4 × 1, and that of "tracked.npy" 2 × 3 × 4',
    ': 2 × 3 × 4 × 1',
  ],
  [[2, 3, 4], [2, 3, 4], '2 × 3 × 4, and that of "tracked.npy" 2 × 3 × 4', ''],
  [
    [0, 2, 3, 4, 1],
    [1, 2, 3, 4, 1],
    '0 × 2 × 3 × 4 × 1, and that of "tracked.npy" 2 × 3 × 4 × 1',
    '',
  ],
  [[], [2, 3, 4, 1], 'that of a single number, and that of "tracked.npy" 2 × 3 × 4 × 1', ''],
] as const) {
  test(`images of ${raw.join(' × ') || 'no'} axes and labels of ${tracked.join(' × ')} cannot be tracked`, () => {
    const array = (sizes: readonly number[]) => {
      const length = sizes.reduce((size, axis) => size * axis, 1);
      return writeNpy({ shape: sizes, data: new Int32Array(length) });
    };
    assert.throws(() => readTrackFile({ raw: array(raw), tracked: array(tracked) }), {
      code: 'wrong_dimensions',
      message: `The shape of "raw.npy" is ${found}. Tracking needs ${LABELS}${expected}.`,
    });
  });
}

test('images of several channels go with labels of one, and a batch of one is taken for its movie', () => {
  const raw = writeNpy({ shape: [1, 2, 1, 2, 3], data: new Uint8Array(12) });
  const { image, labels } = readTrackFile({ raw, tracked: npy(0, 1, 0, 1) });
  assert.deepEqual(
    [image.shape, labels.shape],
    [
      [2, 1, 2, 3],
      [2, 1, 2, 1],
    ],
  );
});
