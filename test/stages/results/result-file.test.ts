import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultStem } from '../../../src/stages/results/result-file.ts';
import { sampleJob } from '../../harness/stages/job-in-flight.ts';

test('entries are called as the user called the image, in its folder, without the last ending', () => {
  const stem = (originalName: string): string => resultStem(sampleJob({ originalName }));
  assert.equal(stem('plate 1/well.a.ome.tif'), 'plate 1/well.a.ome');
  assert.equal(stem('cells'), 'cells');
});
