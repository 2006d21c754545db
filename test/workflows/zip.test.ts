import assert from 'node:assert/strict';
import { test } from 'node:test';
import zip from '../../src/workflows/zip.ts';
import { accepted, defaultsOf, stageNames } from '../harness/stages/workflow-parts.ts';

test('an archive is split into its members, whose results are merged', () => {
  assert.deepEqual(stageNames(zip), {
    split: ['open_archive', 'split_archive', 'submit_children'],
    join: ['collect_results', 'merge_results', 'remove_temporary'],
  });
});

test('only zip archives are taken, from the zip queue of the base queue', () => {
  assert.deepEqual(accepted(zip, 'a.zip', 'B.ZIP', 'c.tif', 'zip', ''), ['a.zip', 'B.ZIP']);
  assert.equal(zip.queueOf?.('mesmer'), 'mesmer-zip');
});

test('a member that fails does not wake the parent: the others are worth having', () => {
  assert.equal(zip.wakeOnFailure ?? false, false);
});

test('the limits of archives are bounded where nothing is set', () => {
  assert.deepEqual(defaultsOf(zip), {
    MAX_ARCHIVE_ENTRIES: 100_000,
    MAX_ARCHIVE_BYTES: 2 ** 36,
    MAX_ARCHIVE_RATIO: 100,
  });
});
