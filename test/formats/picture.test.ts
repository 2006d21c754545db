import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodePicture, describePicture } from '../../src/formats/picture.ts';
import { readNpy } from '../../src/formats/npy/npy.ts';

const bytesOf = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(name, import.meta.url)));

for (const path of ['jpeg/fixtures/sampled-2x2.jpg', 'png/fixtures/rgba-8-interlaced.png']) {
  test(`${path} gives float32 rows, columns and channels, from shared memory too`, () => {
    const bytes = bytesOf(path);
    const inShared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    inShared.set(bytes);
    const expected = readNpy(bytesOf(path.replace(/\w+$/, 'npy')));
    for (const each of [bytes, inShared]) {
      const { shape, data, notes } = decodePicture(each, path);
      assert.deepEqual(shape, expected.shape);
      assert.deepEqual(describePicture(each, path).shape, expected.shape);
      assert.deepEqual(data, Float32Array.from(expected.data));
      assert.deepEqual(notes, []);
    }
  });
}

test('damage and frames that were left out are told', () => {
  const [damaged] = decodePicture(bytesOf('jpeg/fixtures/damaged.jpg'), 'a.jpg').notes;
  assert.match(damaged, /data are damaged/);
  const [animation] = decodePicture(bytesOf('png/fixtures/animation.png'), 'a.png').notes;
  assert.match(animation, /animation of 3 frames/);
});

test('the result does not change when another image is decoded', () => {
  const first = decodePicture(bytesOf('jpeg/fixtures/grey.jpg'), 'a.jpg').data;
  const before = first.slice();
  decodePicture(bytesOf('jpeg/fixtures/progressive-grey.jpg'), 'b.jpg');
  assert.deepEqual(first, before);
});
