import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, zstdCompressSync } from 'node:zlib';
import { decodeImage, describeImage } from '../../../src/formats/decode-image.ts';
import { type OddTag, greyPage, listAt, long, oddTiff } from './odd-tiff.ts';

/* Small files that ask for much. What they cost follows their bytes, or they are refused before it exists. */

const limits = { maxHeight: 2048, maxWidth: 2048, maxFileBytes: 2 ** 31, maxFrames: 60 };
const MEBI = 2 ** 20;

/** Replaces tags, or adds them. */
const withTags = (page: readonly OddTag[], ...more: readonly OddTag[]): OddTag[] => [
  ...page.filter(({ tag }) => more.every((other) => other.tag !== tag)),
  ...more,
];

function decode(bytes: Uint8Array): ReturnType<typeof decodeImage> {
  return decodeImage({ bytes, name: 'a.tif', limits });
}

/** A file is refused with a code, and no array of more than 64 MiB was made for it. */
function assertRefused(bytes: Uint8Array, code: string, message: RegExp): void {
  const before = process.memoryUsage().arrayBuffers;
  assert.throws(() => decode(bytes), { code, message });
  assert.ok(process.memoryUsage().arrayBuffers - before <= 64 * MEBI);
}

test('directories that share one list of strips are refused, not read again and again', () => {
  const list = new Uint8Array(MEBI);
  new Uint32Array(list.buffer).fill(8);
  const strips = 60_000;
  const page = withTags(
    greyPage(strips, 1, 0, 0),
    listAt(273, strips, 8),
    listAt(279, strips, 8),
    long(278, 1),
  );
  const bytes = oddTiff(
    list,
    Array.from({ length: 600 }, () => page),
  );
  const free = { ...limits, maxHeight: 0, maxWidth: 0 };
  assert.throws(() => decodeImage({ bytes, name: 'a.tif', limits: free }), {
    code: 'corrupt_image',
    message: /share their lists of strips or tiles|ends too early/,
  });
});

test('a tag that is repeated 60,000 times with a long list is read once', () => {
  const content = new Uint8Array(100_000);
  const repeated = Array.from({ length: 60_000 }, () => listAt(273, 20_000, 8));
  const page = [...greyPage(10, 10, 8, 100), ...repeated];
  assert.deepEqual(decode(oddTiff(content, [page])).shape, [10, 10]);
});

test('65,536 directories are read, one more is refused', () => {
  const page = greyPage(1, 1, 8, 1);
  const pages = Array.from({ length: 65_536 }, () => page);
  const bytes = oddTiff(Uint8Array.of(7), pages);
  assert.deepEqual(describeImage({ bytes, name: 'a.tif', limits }).shape, [65_536, 1, 1]);
  assertRefused(oddTiff(Uint8Array.of(7), [...pages, page]), 'corrupt_image', /too many pages/);
});

test('tiles that are much larger than the image are refused before they are expanded', () => {
  const tags = [long(322, 65_536), long(323, 65_536), long(324, 8), long(325, 4)];
  const bytes = oddTiff(new Uint8Array(16), [withTags(greyPage(10, 10, 8, 4), ...tags)]);
  assertRefused(bytes, 'corrupt_image', /tiles are much larger than the image/);
});

for (const [name, compression, packed] of [
  ['deflate', 8, deflateSync(new Uint8Array(64 * MEBI))],
  ['zstd', 50_000, zstdCompressSync(new Uint8Array(64 * MEBI))],
] as const) {
  test(`${name} that expands to more than its strip holds is refused`, () => {
    const page = withTags(greyPage(20, 20, 8, packed.length), long(259, compression));
    assertRefused(oddTiff(packed, [page]), 'corrupt_image', /cannot be expanded/);
  });
}

test('an image of a gigabyte in a file of a few kilobytes is refused by its header', () => {
  const packed = zstdCompressSync(new Uint8Array(2048 * 2048));
  const page = withTags(greyPage(2048, 2048, 8, packed.length), long(259, 50_000));
  const bytes = oddTiff(
    packed,
    Array.from({ length: 60 }, () => page),
  );
  assertRefused(bytes, 'image_too_large', /bytes for each of its \d+ bytes; at most 512/);
});

test('more rows or columns than allowed are refused by the real ones, not by the longest axes', () => {
  const plane = new Uint8Array(40 * 40);
  const pages = Array.from({ length: 2100 }, () => greyPage(40, 40, 8, plane.length));
  assert.deepEqual(decode(oddTiff(plane, pages)).shape, [2100, 40, 40]);
  assertRefused(oddTiff(plane, [greyPage(2049, 1, 8, 1600)]), 'image_too_large', /2049 × 1 pixels/);
});
