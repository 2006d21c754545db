import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesFor } from '../../../src/commands/submit/taken-names.ts';
import caliban from '../../../src/workflows/caliban.ts';
import segmentation from '../../../src/workflows/segmentation.ts';
import zip from '../../../src/workflows/zip.ts';

const NAMES = ['a.TIF', 'a.png', 'a.trks', 'a.ZIP', 'a.txt', '._a.tif', '.a.zip'];

test('a workflow that takes files of any name gets images, one that chooses what it accepts; archives go', () => {
  for (const [workflow, taken] of [
    [caliban, ['a.TIF', 'a.trks', 'a.ZIP']],
    [segmentation, ['a.TIF', 'a.png', 'a.ZIP']],
    [zip, ['a.ZIP']],
    [undefined, ['a.TIF', 'a.png', 'a.ZIP']],
  ] as const)
    assert.deepEqual(NAMES.filter(namesFor(workflow).takes), taken);
  assert.equal(namesFor(caliban).what, 'files that caliban takes');
});
