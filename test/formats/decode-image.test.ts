import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import { decodeImage, describeImage } from '../../src/formats/decode-image.ts';
import { readNpy } from '../../src/formats/npy/npy.ts';

const folder = new URL('fixtures/', import.meta.url);
const limits = { maxHeight: 2048, maxWidth: 2048, maxFileBytes: 2 ** 26 };
const images = readdirSync(folder).filter((name) => /\.(tif|png|jpg)$/.test(name));
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

for (const name of images) {
  test(`${name} has the shape and the values that tifffile or Pillow reads`, () => {
    const expected = readNpy(bytesOf(name.replace(/\.\w+$/, '.npy')));
    const image = decodeImage({ bytes: bytesOf(name), name, limits });
    assert.deepEqual(image.shape, expected.shape);
    assert.deepEqual(describeImage({ bytes: bytesOf(name), name, limits }).shape, expected.shape);
    assert.deepEqual(image.data, Float32Array.from(expected.data));
  });
}

test('bytes in shared memory are read as well', () => {
  for (const name of images.filter((one) => /zstd|deflate|lzw|png|jpeg-rgb/.test(one))) {
    const bytes = bytesOf(name);
    const inShared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    inShared.set(bytes);
    assert.deepEqual(
      decodeImage({ bytes: inShared, name, limits }).data,
      decodeImage({ bytes, name, limits }).data,
    );
  }
});

const refused: readonly (readonly [string, string | Uint8Array, string, RegExp])[] = [
  ['a.tif', '', 'corrupt_image', /^"a.tif" is empty\.$/],
  ['a.tif', '<html><body>404', 'corrupt_image', /is not a TIFF file: it is a web page/],
  ['a.tif', bytesOf('png-grey8.png'), 'corrupt_image', /it is a PNG image; name it \.png/],
  ['a.png', '<html><body>404 not found', 'unsupported_file', /is a web page/],
  ['a.png', '', 'unsupported_file', /it is empty/],
  ['a.tif', bytesOf('plain-uint16.tif').subarray(0, 900), 'corrupt_image', /ends too early/],
];
for (const [name, content, code, message] of refused) {
  test(`${name} of ${content.length} bytes is refused: ${message.source}`, () => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    assert.throws(() => decodeImage({ bytes, name, limits }), { code, message });
  });
}

test('an image larger than allowed is refused by its header', () => {
  const bytes = bytesOf('plain-uint16.tif');
  const small = { ...limits, maxHeight: 40, maxWidth: 40 };
  assert.throws(() => decodeImage({ bytes, name: 'a.tif', limits: small }), {
    code: 'image_too_large',
    message: /37 × 53 pixels large; at most 40 × 40/,
  });
  assert.doesNotThrow(() =>
    decodeImage({ bytes, name: 'a.tif', limits: { ...limits, maxHeight: 0 } }),
  );
});

test('whatever bytes are damaged, the image is read or refused in words', () => {
  let seed = 12345;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (const name of images) {
    const intact = bytesOf(name);
    for (let round = 0; round < 60; round++) {
      const bytes = round % 4 === 0 ? intact.slice(0, random(intact.length)) : intact.slice();
      const header = round % 2 === 0 ? bytes.length : Math.min(bytes.length, 400);
      for (let flips = 1 + random(4); flips > 0; flips--) bytes[random(header)] = random(256);
      try {
        decodeImage({ bytes, name, limits });
      } catch (error) {
        assert.ok(
          error instanceof KnownError && error.kind === 'bad_input',
          `${name}: ${String(error)}`,
        );
      }
    }
  }
});
