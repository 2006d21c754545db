import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as index from '../src/index.ts';

test('what authors of workflows import does not change unnoticed', () => {
  assert.deepEqual(Object.keys(index).toSorted(), [
    'KnownError',
    'collectResults',
    'compute',
    'csv',
    'decodeImage',
    'defineStage',
    'defineWorkflow',
    'describeImage',
    'download',
    'isImage',
    'jobField',
    'mergeResults',
    'npy',
    'optional',
    'orient',
    'ownMetric',
    'packageResults',
    'pipeline',
    'predictTiles',
    'removeTemporary',
    'resultStem',
    'setting',
    'splitPositions',
    'tiff',
    'upload',
  ]);
});
