import assert from 'node:assert/strict';
import { test } from 'node:test';
import polaris from '../../src/workflows/polaris.ts';
import { accepted, defaultsOf, stageNames } from '../harness/stages/workflow-parts.ts';

test('an image is split into its channels, whose spots and cells are put together', () => {
  assert.deepEqual(stageNames(polaris), {
    split: ['download', 'describe', 'decode', 'plan', 'split_polaris', 'submit_children'],
    join: [
      'find_stored',
      'collect_results',
      'gather_spots',
      'assign_spots',
      'package',
      'upload',
      'remove_temporary',
    ],
  });
});

test('images are taken; the first child that fails wakes the parent', () => {
  assert.deepEqual(accepted(polaris, 'a.tif', 'b.zip', ''), ['a.tif']);
  assert.equal(polaris.wakeOnFailure, true);
});

test('cells are looked for at the scale of the original where nothing is set', () => {
  assert.deepEqual(defaultsOf(polaris), { POLARIS_SCALE: 0.38 });
});
