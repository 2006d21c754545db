import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChildrenSaid } from '../../../src/stages/archive/children-said.ts';

test('cells of each feature are summed up, and a child that counted none changes nothing', () => {
  const said = new ChildrenSaid();
  assert.equal(said.cells, undefined);
  for (const cells of ['3', undefined, '4,5', 'many']) said.add('a.tif', { cells });
  assert.equal(said.cells, '7,5');
});

test('a warning is said once, with the first child that had it and how many others', () => {
  const said = new ChildrenSaid();
  said.add('a.tif', { warnings: 'No cells were found.\nChannel 0 is constant.' });
  said.add('b.tif', { warnings: 'No cells were found.' });
  said.add('c.tif', {});
  said.add('d.tif', { warnings: 'No cells were found.' });
  assert.deepEqual(said.warnings, [
    'a.tif and 2 others: No cells were found.',
    'a.tif: Channel 0 is constant.',
  ]);
});

test('of very many different warnings the first hundred are kept', () => {
  const said = new ChildrenSaid();
  for (let n = 0; n < 1000; n++) said.add('a.tif', { warnings: `Remark ${n}.` });
  assert.equal(said.warnings.length, 100);
});
