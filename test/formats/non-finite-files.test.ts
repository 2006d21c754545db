import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';

const limits = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 26, maxFrames: 0 };

function read(shape: readonly number[], ...values: readonly number[]) {
  const bytes = encodeTiff({ shape, data: Float32Array.from(values) });
  return decodeImage({ bytes, name: 'a.tif', limits });
}

test('values of a file that are no numbers become background, and are counted in a note', () => {
  const image = read([2, 3], 5, NaN, 7, Infinity, 9, -Infinity);
  assert.deepEqual([...image.data], [5, 5, 7, 5, 9, 5]);
  assert.deepEqual(image.notes, [
    '3 of 6 values are NaN or infinite (as 32-bit numbers) and taken for background.',
  ]);
});

test('a plane without a number is named, so that no job takes it for an image', () => {
  const image = read([2, 1, 2], 1, 2, NaN, NaN);
  assert.deepEqual([...image.data], [1, 2, 0, 0]);
  assert.deepEqual(image.blankPlanes, [1]);
});

test('a file without any number is refused', () => {
  assert.throws(() => read([2, 2], NaN, Infinity, NaN, -Infinity), {
    code: 'blank_image',
    message:
      '"a.tif" holds no numbers: all of its 4 values are NaN or infinite (as 32-bit numbers).',
  });
});
