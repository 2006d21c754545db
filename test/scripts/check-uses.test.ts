import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Catalogue, unusedNames } from '../../scripts/check-uses.ts';

const CATALOGUE: Catalogue = {
  complaint: 'is never used',
  names: ['queueWait', 'wait'],
  use: (name) => new RegExp(`\\b${name}\\b`),
  without: /^src\/catalogue\.ts$/,
};

test('a name that only its catalogue has is told', () => {
  const declared = { path: 'src/catalogue.ts', source: 'queueWait wait' };
  const used = { path: 'src/record.ts', source: 'metrics.queueWait.set(1)' };
  assert.deepEqual(unusedNames([declared, used], [CATALOGUE]), ['wait is never used']);
});

test('every setting, metric and code of an error is looked for', () => {
  const told = unusedNames([{ path: 'src/worker.ts', source: '' }]);
  for (const words of [
    'jobsInFlight is a setting that nothing reads',
    'queueDepth is a metric that nothing records',
    'corrupt_image is the code of an error that nothing throws',
  ]) {
    assert.ok(told.includes(words), words);
  }
});
