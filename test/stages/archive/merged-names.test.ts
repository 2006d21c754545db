import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MergedNames } from '../../../src/stages/archive/merged-names.ts';

test('entries keep their names while these differ', () => {
  const names = new MergedNames();
  assert.deepEqual(names.of(['a_0.tif', 'a_1.tif'], 'a.tif'), ['a_0.tif', 'a_1.tif']);
  assert.deepEqual(names.of(['sub/a_0.tif'], 'sub/a.tif'), ['sub/a_0.tif']);
});

test('all entries of a later result begin with the whole name of its image where one collides', () => {
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
