import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { decodePng, pngFrames, pngHeader } from '../../../src/formats/png/decode-png.ts';
import { readNpy } from '../../../src/formats/npy/npy.ts';

const folder = new URL('fixtures/', import.meta.url);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const names = readdirSync(folder).filter((name) => name.endsWith('.png'));

for (const name of names.filter((one) => !one.startsWith('refused'))) {
  test(`${name} has the values that Pillow reads, and its 16 bits`, () => {
    const expected = readNpy(bytesOf(name.replace('.png', '.npy')));
    const { shape, data } = decodePng(bytesOf(name), name);
    assert.deepEqual(shape, expected.shape);
    assert.deepEqual(data, Float32Array.from(expected.data));
    const { height, width, channels } = pngHeader(bytesOf(name), name);
    assert.deepEqual([height, width, channels], expected.shape);
  });
}

const REFUSED: Readonly<Record<string, RegExp>> = {
  cgbi: /a PNG in the form that only Apple devices read \(CgBI\)\. Save it as ordinary PNG/,
  'line-ends': /its line ends were changed/,
  'header-only': /it ends before the image begins/,
  'no-header': /it does not begin with a header/,
  'signature-only': /it ends before the image begins/,
  'header-checksum': /its header does not match its checksum/,
  'two-headers': /it has two headers/,
  'depth-3': /its colour type 0 cannot have 3 bits a sample/,
  'depth-16-palette': /its colour type 3 cannot have 16 bits a sample/,
  'colour-type-5': /its colour type 5 cannot have 8 bits a sample/,
  'no-rows': /it is 5 × 0 pixels large/,
  'interlace-2': /names a method that PNG does not have/,
  'compression-1': /names a method that PNG does not have/,
  truncated: /it ends too early/,
  'rows-missing': /it ends too early/,
  'far-too-few-bytes': /it ends too early/,
  'filter-5': /a row has the unknown filter 5/,
  'pixels-checksum': /its pixels cannot be expanded/,
  'pixels-damaged': /its pixels cannot be expanded/,
  'pixels-that-expand': /it expands to more than its pixels/,
  'chunk-without-name': /a chunk has no name/,
  'pieces-apart': /it ends too early/,
};

test('every file that is to be refused is tried', () => {
  const files = names.filter((name) => name.startsWith('refused'));
  const listed = Object.keys(REFUSED).map((kind) => `refused-${kind}.png`);
  assert.deepEqual(files.toSorted(), listed.toSorted());
});

for (const [kind, message] of Object.entries(REFUSED)) {
  test(`${kind} is refused as what it is`, () => {
    const name = `refused-${kind}.png`;
    const code = kind === 'cgbi' ? 'unsupported_file' : 'corrupt_image';
    assert.throws(() => decodePng(bytesOf(name), name), { code, message });
  });
}

test('frames of an animation are counted', () => {
  assert.equal(pngFrames(bytesOf('animation.png'), 'a.png'), 3);
  assert.equal(pngFrames(bytesOf('grey-8.png'), 'a.png'), 1);
});
