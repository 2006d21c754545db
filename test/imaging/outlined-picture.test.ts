import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlinedPicture, outlinedThumbnail } from '../../src/imaging/outlined-picture.ts';

const WHITE = 249;

/** A plane with one bright rectangle of rows and columns, which is also the one label. */
function field(rows: number, columns: number, [top, left, size]: [number, number, number]) {
  const plane = new Float32Array(rows * columns);
  const labels = new Int32Array(rows * columns);
  for (let row = top; row < top + size; row++) {
    plane.fill(9, row * columns + left, row * columns + left + size);
    labels.fill(2, row * columns + left, row * columns + left + size);
  }
  return { planes: [plane], labels, rows, columns };
}

test('greys go from the 1st to the 99th percentile, and outlines have a colour of their own', () => {
  const { shape, data, palette } = outlinedPicture(field(10, 12, [2, 3, 5]));
  assert.deepEqual(shape, [10, 12]);
  assert.equal(data[0], 0);
  assert.equal(data[4 * 12 + 5], WHITE);
  const outline = data[2 * 12 + 3] ?? 0;
  assert.ok(outline > WHITE);
  const [red, green, blue] = palette.subarray(3 * outline, 3 * outline + 3);
  assert.ok(red !== green || green !== blue);
  assert.equal(data.filter((colour) => colour === outline).length, 16);
});

test('the brightest of several planes shows', () => {
  const one = field(10, 10, [1, 1, 2]);
  const other = field(10, 10, [6, 6, 3]);
  const labels = new Int32Array(100);
  const { data } = outlinedPicture({
    planes: [...one.planes, ...other.planes],
    labels,
    rows: 10,
    columns: 10,
  });
  assert.deepEqual([data[11], data[66], data[44]], [WHITE, WHITE, 0]);
});

test('a constant plane, and one without pixels, are black', () => {
  const flat = { planes: [new Float32Array(4).fill(3)], labels: new Int32Array(4) };
  assert.deepEqual([...outlinedPicture({ ...flat, rows: 2, columns: 2 }).data], [0, 0, 0, 0]);
  const none = { planes: [new Float32Array()], labels: new Int32Array(), rows: 0, columns: 0 };
  assert.equal(outlinedThumbnail(none, 8).data.length, 0);
});

test('a thumbnail is as long as allowed, and shows the part around the cells', () => {
  assert.deepEqual(outlinedThumbnail(field(6, 7, [1, 1, 3]), 8).shape, [6, 7]);
  assert.deepEqual(outlinedThumbnail(field(9, 15, [1, 1, 3]), 8).shape, [5, 8]);
  const far = outlinedThumbnail(field(20, 100, [4, 90, 8]), 8);
  assert.deepEqual(far.shape, [8, 8]);
  assert.ok(
    far.data.some((colour) => colour > WHITE),
    'the cell at the far end is in it',
  );
});
