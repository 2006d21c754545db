import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeOmeTiff } from '../../src/formats/encode-ome-tiff.ts';

const NO_LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };

/** tifffile reads the same of such files: uint16 and uint32, YX and TYX, and the pixel size. */
function decoded(bytes: Uint8Array) {
  return decodeImage({ bytes, name: 'mask.ome.tif', limits: NO_LIMITS });
}

test('labels are whole numbers of two bytes, frames stand along T, and the pixel size is kept', () => {
  const labels = {
    shape: [2, 2, 3],
    data: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 65_535),
  };
  const name = 'a "b" <c> & d';
  const bytes = encodeOmeTiff({ labels, name, pixelSize: { x: 0.325, y: 0.5 } });
  const { data, axes, shape, sampleType, pixelSize } = decoded(bytes);
  assert.deepEqual([...data], [...labels.data]);
  assert.deepEqual([axes, shape, sampleType], ['TYX', [2, 2, 3], 'uint16']);
  assert.deepEqual({ ...pixelSize }, { x: 0.325, y: 0.5 });
});

test('larger labels take four bytes', () => {
  const labels = { shape: [1, 1, 3], data: Int32Array.of(0, 65_536, 70_000) };
  const { data, sampleType, pixelSize } = decoded(encodeOmeTiff({ labels, name: 'x' }));
  assert.deepEqual([...data], [0, 65_536, 70_000]);
  assert.deepEqual([sampleType, pixelSize], ['uint32', undefined]);
});
