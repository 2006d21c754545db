import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { readNpy, writeNpy } from '../../../src/formats/npy/npy.ts';

const FOLDER = new URL('../fixtures/npy/', import.meta.url);

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, FOLDER)));
}

/** 0 to 29, or -7 to 22 where the type has a sign. */
function expected(type: string): number[] {
  const least = /^[fi]/.test(type) ? -7 : 0;
  return Array.from({ length: 30 }, (_, at) => least + at);
}

const files = readdirSync(FOLDER).filter((name) => /^[fiu]\d-/.test(name));
for (const name of files) {
  test(`${name} is read as NumPy wrote it`, () => {
    const { shape, data } = readNpy(fixture(name));
    assert.deepEqual(shape, [2, 3, 5]);
    assert.deepEqual(Array.from(data), expected(name));
  });
}

for (const type of ['f4', 'f8', 'i1', 'i2', 'i4', 'u1', 'u2', 'u4']) {
  test(`an array of ${type} is written as NumPy writes it`, () => {
    const file = fixture(`${type}-little-c.npy`);
    assert.deepEqual(writeNpy(readNpy(file)), file);
  });
}

test('every type, byte order and order of axes that NumPy writes of numbers is there', () => {
  assert.equal(files.length, 40);
});

for (const [type, name] of [
  ['Float32Array', 'f2-little-c.npy'],
  ['Float32Array', 'f4-big-fortran.npy'],
  ['Float64Array', 'f8-little-c.npy'],
  ['Float64Array', 'i8-big-c.npy'],
  ['Float64Array', 'u8-little-c.npy'],
  ['Uint16Array', 'u2-little-fortran.npy'],
  ['Int32Array', 'i4-little-c.npy'],
] as const) {
  test(`${name} becomes a ${type}`, () => {
    assert.equal(readNpy(fixture(name)).data.constructor.name, type);
  });
}

test('truth values, scalars, vectors, empty arrays and later versions are read', () => {
  const truths = readNpy(fixture('b1-little-c.npy'));
  assert.deepEqual(Array.from(truths.data.subarray(0, 4)), [1, 0, 0, 1]);
  assert.deepEqual(readNpy(fixture('scalar.npy')), { shape: [], data: new Float32Array([3.5]) });
  assert.deepEqual(readNpy(fixture('vector.npy')).shape, [4]);
  assert.deepEqual(readNpy(fixture('empty.npy')).shape, [0, 4]);
  for (const name of ['version-2.npy', 'version-3.npy']) {
    assert.deepEqual(
      Array.from(readNpy(fixture(name)).data),
      Array.from({ length: 30 }, (_, at) => at),
    );
  }
});

test('an array is a view on the file where its elements lie well, and is not where they do not', () => {
  const file = fixture('f4-little-c.npy');
  assert.equal(readNpy(file).data.buffer, file.buffer);
  const shifted = new Uint8Array(file.length + 1);
  shifted.set(file, 1);
  assert.deepEqual(Array.from(readNpy(shifted.subarray(1)).data), expected('f'));
});

for (const [name, type] of [
  ['object.npy', "'|O'"],
  ['complex.npy', "'<c8'"],
  ['structured.npy', "[('a', '<f4'), ('b', '<i2')]"],
] as const) {
  test(`${name} is not supported, and says which type it holds`, () => {
    assert.throws(() => readNpy(fixture(name), name), {
      code: 'unsupported_file',
      message: `"${name}" holds elements of type ${type}; real numbers and truth values are read.`,
    });
  });
}

const sound = fixture('f4-little-c.npy');
const text = (header: string): Uint8Array => {
  const bytes = Buffer.concat([sound.subarray(0, 8), Buffer.alloc(2), Buffer.from(header)]);
  bytes.writeUInt16LE(header.length, 8);
  return new Uint8Array(bytes);
};
for (const [what, file, why] of [
  ['no .npy file', Buffer.from('PK and some more bytes'), 'it is not a .npy file'],
  ['nothing', new Uint8Array(0), 'it is not a .npy file'],
  ['one that was cut off', sound.subarray(0, sound.length - 7), 'it ends 7 bytes too early'],
  ['one without elements', sound.subarray(0, 128), 'it ends 120 bytes too early'],
  ['one with half a header', sound.subarray(0, 100), 'its header is too long'],
  [
    'one without shape',
    text("{'descr': '<f4', 'fortran_order': False}"),
    "its header is {'descr': '<f4', 'fortran_order': False}",
  ],
  [
    'one of a shape that is no number',
    text("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"),
    'its shape is too large',
  ],
  [
    'one that claims more than memory',
    text("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 1000)}"),
    'it ends 4000000000000 bytes too early',
  ],
] as const) {
  test(`${what} is damaged, and says why`, () => {
    assert.throws(() => readNpy(file, 'raw.npy'), {
      code: 'corrupt_image',
      message: `"raw.npy" is damaged: ${why}.`,
    });
  });
}
