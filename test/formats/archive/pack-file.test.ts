import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, inflateRawSync } from 'node:zlib';
import { type UnpackedFile, packFile } from '../../../src/formats/archive/pack-file.ts';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';

/** Of more than one piece, and not of a whole number of them. */
const LONG = 5_000_016;

function assertPacked(file: UnpackedFile, bytes: Uint8Array): void {
  const { size, packed, ...found } = packFile(file);
  const plain = Uint8Array.from(bytes);
  assert.deepEqual([size, found.crc32], [plain.length, crc32(plain)]);
  assert.ok(inflateRawSync(Uint8Array.from(packed)).equals(plain));
}

for (const length of [0, 1, LONG, 2 ** 22, 2 ** 23]) {
  test(`${length} bytes come back as they were`, () => {
    const bytes = new Uint8Array(new SharedArrayBuffer(length)).map((_, i) => (i * i) >> 9);
    assertPacked({ kind: 'bytes', bytes }, bytes);
  });
}

test('an image is packed as encodeTiff encodes it, however many pieces and pages it has', () => {
  const data = Int32Array.from({ length: 3 * 700 * 650 }, (_, i) => i >> 7);
  for (const shape of [
    [3, 700, 650],
    [1, 2],
  ]) {
    const image = {
      shape,
      data: data.subarray(
        0,
        shape.reduce((a, b) => a * b),
      ),
    };
    assertPacked({ kind: 'tiff', image }, encodeTiff(image));
  }
  const picture = {
    shape: [1300, 1200, 3],
    data: Uint8Array.from({ length: 4_680_000 }, (_, i) => i),
  };
  assertPacked({ kind: 'tiff', image: picture }, encodeTiff(picture));
});
