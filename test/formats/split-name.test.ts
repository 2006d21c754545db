import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitName } from '../../src/formats/split-name.ts';

/** As os.path.splitext of Python 3.12 splits them. */
const PYTHON: readonly (readonly [stem: string, ending: string])[] = [
  ['a', '.tif'],
  ['a.b', '.tif'],
  ['a.', '.tif'],
  ['a', '.'],
  ['a', ''],
  ['', ''],
  ['.tif', ''],
  ['...tif', ''],
  ['...', ''],
  ['..a', '.tif'],
  ['folder/...tif', ''],
  ['folder.b/a', ''],
  ['folder.b/a', '.tif'],
  ['folder/', ''],
];

test('names are split as Python splits them: dots in front begin no ending', () => {
  for (const [stem, ending] of PYTHON) {
    assert.deepEqual(splitName(stem + ending), [stem, ending], stem + ending);
  }
});
