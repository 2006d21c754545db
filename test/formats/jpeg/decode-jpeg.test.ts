import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { decodeJpeg, jpegFrame } from '../../../src/formats/jpeg/decode-jpeg.ts';
import { readNpy } from '../../../src/formats/npy/npy.ts';

const folder = new URL('fixtures/', import.meta.url);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));

for (const name of names.filter((one) => !one.startsWith('refused'))) {
  test(`${name} has the values that Pillow or its maker gives, to the bit`, () => {
    const expected = readNpy(bytesOf(name.replace('.jpg', '.npy')));
    const { width, height, channels, data } = decodeJpeg({ bytes: bytesOf(name), name });
    assert.deepEqual([height, width, channels], expected.shape);
    assert.deepEqual(new Uint8Array(data), expected.data);
    const frame = jpegFrame(bytesOf(name), name);
    assert.deepEqual([frame.height, frame.width, frame.components.length], expected.shape);
  });
}

const REFUSED: Readonly<Record<string, readonly [code: string, message: RegExp]>> = {
  cmyk: ['unsupported_file', /CMYK JPEG \(4 colours\); grey and RGB are read\. Save it as PNG/],
  '12-bits': ['unsupported_file', /12 bits a sample; 8 are read/],
  hierarchical: ['unsupported_file', /a hierarchical JPEG/],
  'lossless-arithmetic': ['unsupported_file', /a lossless and arithmetic-coded JPEG/],
  'lossless-ycbcr': ['unsupported_file', /a lossless JPEG of YCbCr colours/],
  'jpeg-ls': ['unsupported_file', /a JPEG-LS image/],
  'no-height': ['unsupported_file', /without its height/],
  'no-width': ['corrupt_image', /its width is 0/],
  'two-colours': ['unsupported_file', /a JPEG with 2 colours; 1 and 3 are read/],
  'sampled-3x1': ['unsupported_file', /colours are sampled 3 × 1, 1 × 1, 1 × 1/],
  'sampled-0x1': ['corrupt_image', /a colour is sampled 0 × 1/],
  'two-frames': ['corrupt_image', /2 frame headers/],
  'frame-after-scan': ['corrupt_image', /2 frame headers/],
  'no-quantization': ['corrupt_image', /its pixels cannot be read/],
  truncated: ['corrupt_image', /it ends too early/],
  'progressive-without-end': ['corrupt_image', /it ends too early/],
  'header-only': ['corrupt_image', /it ends before the image begins/],
  'segment-too-long': ['corrupt_image', /a segment is longer than the file/],
  'second-start': ['corrupt_image', /a second image begins inside it/],
  'unknown-marker': ['corrupt_image', /the unknown marker ff30/],
  '5000-scans': ['corrupt_image', /it has 50\d\d scans; an image of its size has at most 1000/],
};

test('every file that is to be refused is tried', () => {
  const files = names.filter((name) => name.startsWith('refused'));
  const listed = Object.keys(REFUSED).map((kind) => `refused-${kind}.jpg`);
  assert.deepEqual(files.toSorted(), listed.toSorted());
});

for (const [kind, [code, message]] of Object.entries(REFUSED)) {
  test(`${kind} is refused as what it is`, () => {
    const name = `refused-${kind}.jpg`;
    assert.throws(() => decodeJpeg({ bytes: bytesOf(name), name }), { code, message });
  });
}

test('damage that libjpeg survives is told, stray bytes before the end too', () => {
  const damaged = ['damaged.jpg', 'ends-early-with-marker.jpg', 'stray-bytes-before-the-end.jpg'];
  for (const name of names.filter((one) => !one.startsWith('refused'))) {
    const { damaged: told } = decodeJpeg({ bytes: bytesOf(name), name });
    assert.equal(told, damaged.includes(name), name);
  }
});
