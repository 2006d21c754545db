import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePng } from '../../../src/formats/png/decode-png.ts';
import { encodePng } from '../../../src/formats/png/encode-png.ts';
import { decode } from 'image-js';

const RGB = Uint8Array.from({ length: 5 * 7 * 3 }, (_, at) => (at * 37) % 256);

test('a picture of colours is read back, also by another reader', async () => {
  const bytes = await encodePng({ shape: [5, 7, 3], data: RGB });
  assert.deepEqual([...decodePng(bytes, 'x.png').data], [...RGB]);
  const image = decode(bytes);
  assert.deepEqual([image.width, image.height], [7, 5]);
  assert.deepEqual([...image.getRawImage().data], [...RGB]);
});

test('a picture with a palette has the colours that its numbers stand for', async () => {
  const data = Uint8Array.of(0, 1, 2, 2, 1, 0);
  const palette = Uint8Array.of(0, 0, 0, 255, 0, 0, 9, 8, 7);
  const bytes = await encodePng({ shape: [2, 3], data, palette });
  assert.deepEqual([...decodePng(bytes, 'x.png').data], [...data]);
  const colours = [...decode(bytes).getRawImage().data];
  assert.deepEqual(colours, [0, 0, 0, 255, 0, 0, 9, 8, 7, 9, 8, 7, 255, 0, 0, 0, 0, 0]);
});
