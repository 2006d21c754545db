import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeCsv } from '../../../src/formats/csv.ts';
import {
  checkArray,
  checkFiles,
  checkImage,
  checkedRows,
} from '../../../src/stages/results/check-file.ts';

const four = Float32Array.of(1, 2, 3, 4);

/** What authors of JavaScript may hand over, which no compiler sees, and what they are told. */
const IMAGES: readonly (readonly [image: unknown, said: string])[] = [
  [
    { shape: [2, 4], data: four },
    'tiff("a.tif") got an array of shape [2, 4], which is 8 numbers, but its data have 4. Give the shape',
  ],
  [{ shape: [4], data: four }, 'tiff("a.tif") got an array of shape [4], but an image has rows'],
  [{ shape: [0, 4], data: new Int32Array() }, 'tiff("a.tif") got an image of [0, 4], which has no'],
  [{ shape: [2, -2], data: four }, 'tiff("a.tif") got an array whose shape is [2, -2], but must'],
  [{ shape: [2, 2], data: [1, 2, 3, 4] }, 'tiff("a.tif") got an array whose data are a list, but'],
  [
    { shape: [2, 2], data: Float64Array.from(four) },
    'tiff("a.tif") got a Float64Array of 4 numbers, but takes Float32Array and Int32Array, or',
  ],
  [
    { shape: [2, 2], data: new Uint8Array(4) },
    'tiff("a.tif") got bytes of shape [2, 2], but bytes are written as colours, [row, column, 3].',
  ],
  [four, 'tiff("a.tif") got a Float32Array of 4 numbers, but needs an array: { shape:'],
  [undefined, 'tiff("a.tif") got undefined, but needs an array'],
  ['labels', 'tiff("a.tif") got the text "labels", but needs an array'],
  [
    { labels: 1 },
    'tiff("a.tif") got an object of labels, but needs an array: { shape: [rows, columns], data }.',
  ],
];

for (const [image, said] of IMAGES) {
  test(`no TIFF is made of what is told: ${said}`, () => {
    refuses(() => checkImage('a.tif', image), said);
  });
}

test('images of rows and columns, stacks and colours are taken', () => {
  checkImage('a.tif', { shape: [2, 2], data: four });
  checkImage('a.tif', { shape: [1, 1, 2, 2], data: Int32Array.from(four) });
  checkImage('a.tif', { shape: [1, 2, 3], data: new Uint8Array(6) });
});

test('a file has a name', () => {
  const image = { shape: [2, 2], data: four };
  // Authors of JavaScript may give anything.
  const nothing = undefined as unknown as string;
  refuses(() => checkImage('', image), 'tiff got the text "" for the name of a file, but needs');
  refuses(() => checkArray(nothing, image), 'npy got undefined for the name of a file');
  refuses(() => checkedRows(nothing, ['a'], []), 'csv got undefined for the name of a file');
});

test('an array of .npy has as many numbers as its shape says, and may have none', () => {
  checkArray('a.npy', { shape: [0, 2], data: new Float32Array() });
  checkArray('a.npy', { shape: [], data: Int32Array.of(1) });
  const said = 'npy("a.npy") got an array of shape [3], which is 3 numbers, but its data have 4.';
  refuses(() => checkArray('a.npy', { shape: [3], data: four }), said);
  const large = { shape: [1], data: BigInt64Array.of(1n) };
  refuses(() => checkArray('a.npy', large), 'npy("a.npy") got an array whose data are a BigInt64');
});

const TABLES: readonly (readonly [header: unknown, rows: unknown, said: string])[] = [
  ['image', [], 'csv("a.csv") got the text "image" for its header, but needs a list of texts'],
  [[], [], 'csv("a.csv") got a list for its header'],
  [['a'], 5, 'csv("a.csv") got 5 for its rows, but needs a list of lists.'],
  [['a'], ['x'], 'csv("a.csv"), row 1 is the text "x", but must be a list of 1 fields.'],
  [['a', 'b'], [[1, 2], [3]], 'csv("a.csv"), row 2 has 1 fields, but the header has 2.'],
  [
    ['a', 'b'],
    [[1, undefined]],
    'csv("a.csv"), row 1, field 2 is undefined, but must be a text or a number.',
  ],
  [['a'], [[{ cells: 1 }]], 'csv("a.csv"), row 1, field 1 is an object of cells, but must be'],
];

for (const [header, rows, said] of TABLES) {
  test(`no table is made of what is told: ${said}`, () => {
    // As above: no compiler sees it.
    const [names, lines] = [header as string[], rows as number[][]];
    refuses(() => writeCsv(names, checkedRows('a.csv', names, lines)), said);
  });
}

test('a result is a list of files that tiff, npy and csv made', () => {
  refuses(() => checkFiles(undefined), 'The function of packageResults returned undefined, but');
  refuses(() => checkFiles([]), 'The function of packageResults returned no file');
  refuses(() => checkFiles([{ name: 'a' }]), 'File 1 that packageResults got is an object of name');
  const image = { shape: [1], data: four };
  refuses(() => checkFiles([{ kind: 'tiff', name: 'a.tif', image }]), 'tiff("a.tif") got an array');
});

function refuses(check: () => unknown, said: string): void {
  assert.throws(check, (error: { readonly code?: string; readonly message: string }) => {
    assert.equal(error.code, 'bad_workflow');
    assert.ok(error.message.startsWith(said), error.message);
    return true;
  });
}
