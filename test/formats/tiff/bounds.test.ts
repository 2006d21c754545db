import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { decodeImage, describeImage } from '../../../src/formats/decode-image.ts';
import { jpegOfScans } from '../bombs/jpeg-bombs.ts';
import { withTags } from '../bombs/tiff-bombs.ts';
import { greyPage, listAt, long, oddTiff } from './odd-tiff.ts';

/* Small files that ask for much. What they cost follows their bytes, or they are refused before it exists. */

const limits = { maxHeight: 2048, maxWidth: 2048, maxFileBytes: 2 ** 31, maxFrames: 60 };
const MEBI = 2 ** 20;

function decode(bytes: Uint8Array): ReturnType<typeof decodeImage> {
  return decodeImage({ bytes, name: 'a.tif', limits });
}

function assertRefused(bytes: Uint8Array, code: string, message: RegExp): void {
  assert.throws(() => decode(bytes), { code, message });
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
    Array.from({ length: 300 }, () => page),
  );
  const free = { ...limits, maxHeight: 0, maxWidth: 0 };
  assert.throws(() => decodeImage({ bytes, name: 'a.tif', limits: free }), {
    code: 'corrupt_image',
    message: /share their lists of strips or tiles|ends too early/,
  });
});

test('OME-XML that tells of a million planes of one page is refused, one that was broken off is read', () => {
  const file = (frames: number): Uint8Array => {
    const xml =
      '<OME><Image><Pixels DimensionOrder="XYZCT" SizeX="4" SizeY="4" SizeZ="1" SizeC="1" ' +
      `SizeT="${frames}"><TiffData/></Pixels></Image></OME>\0`;
    const content = Buffer.concat([Buffer.alloc(16, 7), Buffer.from(xml)]);
    const page = withTags(greyPage(4, 4, 8, 16), {
      tag: 270,
      type: 2,
      count: xml.length,
      value: 24,
    });
    return oddTiff(content, [page]);
  };
  assertRefused(file(1_000_000), 'corrupt_image', /it holds 1 of the 1000000 planes/);
  const { shape, notes } = decode(file(100));
  assert.deepEqual(shape, [100, 4, 4]);
  assert.match(notes.join(), /99 of 100 planes are not in the file/);
});

test('a description of 100,002 axes is not believed, and told of in few words', () => {
  const text = `{"shape": [${'1, '.repeat(100_000)}4, 4]}\0`;
  const content = Buffer.concat([Buffer.alloc(16, 7), Buffer.from(text)]);
  const page = withTags(greyPage(4, 4, 8, 16), {
    tag: 270,
    type: 2,
    count: text.length,
    value: 24,
  });
  const { shape, notes } = decode(oddTiff(content, [page]));
  assert.deepEqual(shape, [4, 4]);
  assert.match(notes.join(), /100002 axes\), but at most 32 axes are read/);
  assert.ok(notes.join().length < 300);
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

test('more rows or columns than allowed are refused by the real ones, not by the longest axes', () => {
  const plane = new Uint8Array(40 * 40);
  const pages = Array.from({ length: 2100 }, () => greyPage(40, 40, 8, plane.length));
  assert.deepEqual(decode(oddTiff(plane, pages)).shape, [2100, 40, 40]);
  assertRefused(oddTiff(plane, [greyPage(2049, 1, 8, 1600)]), 'image_too_large', /2049 × 1 pixels/);
});

test('strips that share their bytes are refused if they are compressed, and read if they are not', () => {
  const strips = 1000;
  const packed = deflateSync(Uint8Array.from({ length: 4000 }, (_, at) => (at * at) >> 3));
  const lists = new Uint8Array(new Uint32Array(2 * strips).fill(8 + 8 * strips).buffer);
  new Uint32Array(lists.buffer).fill(packed.length, strips);
  const file = (compression: number): Uint8Array => {
    const tags = [listAt(273, strips, 8), listAt(279, strips, 8 + 4 * strips), long(278, 1)];
    const page = withTags(greyPage(strips, 8, 0, 0), long(259, compression), ...tags);
    return oddTiff(Buffer.concat([lists, packed]), [page]);
  };
  assertRefused(file(8), 'corrupt_image', /its strips or tiles share their bytes/);
  assert.deepEqual(decode(file(1)).shape, [strips, 8]);
});

test('more compressed strips than a file of its size can have are refused', () => {
  const strips = 2048;
  const packed = deflateSync(Uint8Array.of(1));
  const lists = new Uint8Array(new Uint32Array(2 * strips).fill(8 + 8 * strips).buffer);
  new Uint32Array(lists.buffer).fill(packed.length, strips);
  const tags = [listAt(273, strips, 8), listAt(279, strips, 8 + 4 * strips), long(278, 1)];
  const page = withTags(greyPage(strips, 1, 0, 0), long(259, 8), ...tags);
  const pages = Array.from({ length: 12 }, () => page);
  const content = Buffer.concat([lists, packed, Buffer.alloc(200_000)]);
  assertRefused(oddTiff(content, pages), 'image_too_large', /more than \d+ compressed strips/);
});

test('scans of JPEG pages are counted together', () => {
  const packed = jpegOfScans(512, 400);
  const page = withTags(greyPage(512, 512, 8, packed.length), long(259, 7));
  const pages = (count: number): Uint8Array =>
    oddTiff(
      Buffer.concat([packed, Buffer.alloc(packed.length * 9)]),
      Array.from({ length: count }, () => page),
    );
  assert.deepEqual(decode(pages(1)).shape, [512, 512]);
  assertRefused(pages(9), 'corrupt_image', /more scans than an image needs/);
});

test('OME-XML nested without an end is left, and the pages are read without it', () => {
  const text = Buffer.from(`<OME>${'<a>'.repeat(300_000)}`);
  const words = { tag: 270, type: 2, count: text.length, value: 8 };
  const page = [...greyPage(2, 2, 8, 4), words];
  const { shape, axes } = decode(oddTiff(text, [page, page]));
  assert.deepEqual([shape, axes], [[2, 2, 2], 'IYX']);
});
