import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromArrayBuffer } from 'geotiff';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';

const limits = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };
const ramp = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i * 3 - 7);

for (const shape of [
  [5, 7],
  [1, 5, 7],
  [3, 4, 6],
]) {
  test(`labels of shape ${shape.join(' × ')} are float32 to another reader, and keep their shape`, async () => {
    const data = ramp(shape.reduce((product, axis) => product * axis, 1));
    const bytes = encodeTiff({ shape, data });
    const tiff = await fromArrayBuffer(new Uint8Array(bytes).buffer);
    const pages = shape.length === 2 ? 1 : (shape[0] ?? 1);
    assert.equal(await tiff.getImageCount(), pages);
    const values = [];
    for (let page = 0; page < pages; page++) {
      const image = await tiff.getImage(page);
      assert.equal(image.getSampleFormat(), 3);
      const [plane] = await image.readRasters();
      values.push(...(plane as Float32Array));
    }
    assert.deepEqual(values, [...data]);
    const read = decodeImage({ bytes, name: 'labels.tif', limits });
    assert.deepEqual([read.shape, read.data], [shape, Float32Array.from(data)]);
  });
}

test('a picture is RGB to another reader', async () => {
  const data = Uint8Array.from({ length: 4 * 5 * 3 }, (_, i) => i * 4);
  const bytes = encodeTiff({ shape: [4, 5, 3], data });
  const image = await (await fromArrayBuffer(new Uint8Array(bytes).buffer)).getImage();
  assert.equal(image.getSamplesPerPixel(), 3);
  assert.deepEqual([...(await image.readRasters({ interleave: true }))], [...data]);
});

test('one of several channels is written as if it were alone', () => {
  const data = ramp(70);
  const shape = [5, 7];
  for (const index of [0, 1]) {
    const alone = data.filter((_, i) => i % 2 === index);
    const bytes = encodeTiff({ shape, data, channel: { index, of: 2 } });
    assert.deepEqual(bytes, encodeTiff({ shape, data: alone }));
  }
});

test('equal images make equal bytes', () => {
  const data = ramp(35);
  assert.deepEqual(encodeTiff({ shape: [5, 7], data }), encodeTiff({ shape: [5, 7], data }));
});
