import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MergedNames } from '../../../src/stages/archive/merged-names.ts';

test('entries keep their names while these differ', () => {
  const names = new MergedNames();
  assert.deepEqual(names.of(['a_0.tif', 'a_1.tif'], 'a.tif'), ['a_0.tif', 'a_1.tif']);
  assert.deepEqual(names.of(['sub/a_0.tif'], 'sub/a.tif'), ['sub/a_0.tif']);
});

test('all entries named after a later image begin with its whole name where one collides', () => {
  const names = new MergedNames();
  names.of(['sub/a_0.tif'], 'sub/a.tif');
  assert.deepEqual(names.of(['sub/a_0.tif', 'sub/a_1.tif'], 'sub/a.png'), [
    'sub/a.png_0.tif',
    'sub/a.png_1.tif',
  ]);
});

test('names that collide even so are numbered', () => {
  const names = new MergedNames();
  names.of(['a_0.tif'], 'a.tif');
  names.of(['a.png_0.tif'], 'a.png.tif');
  assert.deepEqual(names.of(['a_0.tif'], 'a.png'), ['2_a.png_0.tif']);
  assert.deepEqual(names.of(['lineage.json'], 'm.tif'), ['lineage.json']);
  assert.deepEqual(names.of(['lineage.json'], 'n.tif'), ['2_lineage.json']);
});

test('a file and a folder of one name, from different results, are told apart', () => {
  const names = new MergedNames();
  assert.deepEqual(names.of(['d/a_0.tif'], 'd/a.tif'), ['d/a_0.tif']);
  assert.deepEqual(names.of(['d/a_0.tif/b_0.tif'], 'd/a_0.tif/b.tif'), ['d/2_a_0.tif/b.tif_0.tif']);
  assert.deepEqual(names.of(['e/f_0.tif/c.tif'], 'e/f_0.tif/c.tif'), ['e/f_0.tif/c.tif']);
  assert.deepEqual(names.of(['e/f_0.tif'], 'e/f.tif'), ['e/f.tif_0.tif']);
});

test('an entry that is not named after its image is renamed alone', () => {
  const names = new MergedNames();
  const movie = (name: string): string[] =>
    names.of([`${name}_0.tif`, 'lineage.json'], `${name}.tif`);
  assert.deepEqual(movie('a'), ['a_0.tif', 'lineage.json']);
  assert.deepEqual(movie('b'), ['b_0.tif', '2_lineage.json']);
  // "l" is not the beginning of "lineage".
  assert.deepEqual(movie('l'), ['l_0.tif', '3_lineage.json']);
  assert.deepEqual(names.of(['a_0.tif', 'lineage.json', 'notes.txt'], 'a.png'), [
    'a.png_0.tif',
    '4_lineage.json',
    'notes.txt',
  ]);
});

test('a number is passed over where an image has that name', () => {
  const names = new MergedNames();
  names.of(['lineage.json', '2_lineage.json'], 'a.tif');
  assert.deepEqual(names.of(['lineage.json'], 'b.tif'), ['3_lineage.json']);
  assert.deepEqual(names.of(['lineage.json', '4_lineage.json'], 'c.tif'), [
    '4_lineage.json',
    '2_4_lineage.json',
  ]);
});

test('names that cannot become longer become different all the same', () => {
  const names = new MergedNames();
  const longest = 'a'.repeat(65_535);
  const given = [1, 2, 3].flatMap(() => names.of([longest], 'b.tif'));
  assert.equal(new Set(given).size, 3);
  for (const name of given) assert.ok(Buffer.byteLength(name) <= 65_535);
});
