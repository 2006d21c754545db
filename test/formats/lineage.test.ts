import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeLineage } from '../../src/formats/lineage.ts';

const BY_PYTHON =
  '{"1": {"label": 1, "frames": [0, 1, 2], "daughters": [2, 3], "capped": true, "frame_div": 3, "parent": null}, ' +
  '"2": {"label": 2, "frames": [3], "daughters": [], "capped": false, "frame_div": null, "parent": 1}}';

test('tracks are written as json.dump writes them', () => {
  const bytes = writeLineage([
    {
      label: 1,
      frames: [0, 1, 2],
      daughters: [2, 3],
      capped: true,
      dividedAt: 3,
      parent: undefined,
    },
    { label: 2, frames: [3], daughters: [], capped: false, dividedAt: undefined, parent: 1 },
  ]);
  assert.equal(new TextDecoder().decode(bytes), BY_PYTHON);
});

test('no tracks are an empty object', () => {
  assert.equal(new TextDecoder().decode(writeLineage([])), '{}');
});
