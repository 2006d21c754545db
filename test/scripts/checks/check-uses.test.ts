import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Catalogue, unusedNames } from '../../../scripts/checks/check-uses.ts';

const CATALOGUE: Catalogue = {
  complaint: 'is never used',
  names: ['queueWait', 'wait'],
  usedAs: 'property',
  without: /^src\/catalogue\.ts$/,
};

test('a name that only its catalogue has is told', () => {
  const declared = { path: 'src/catalogue.ts', source: 'const all = { queueWait, wait };' };
  const used = { path: 'src/record.ts', source: 'metrics.queueWait.set(1)' };
  assert.deepEqual(unusedNames([declared, used], [CATALOGUE]), ['wait is never used']);
});

test('a property read counts as a use; a word, an import or a declaration of the name does not', () => {
  const isUsed = (source: string): boolean =>
    unusedNames([{ path: 'src/a.ts', source }], [CATALOGUE]).join() === 'queueWait is never used';
  assert.ok(isUsed('const { wait } = core;'));
  assert.ok(isUsed('function f({ wait: ms = 3 }) {}'));
  assert.ok(!isUsed("import { wait } from './wait.ts'; wait(); // core.wait"));
  assert.ok(!isUsed('interface A { wait: number }'));
});

test('every setting, metric and code of an error is looked for', () => {
  const told = unusedNames([{ path: 'src/worker.ts', source: '' }]);
  for (const words of [
    'jobsInFlight is a setting that nothing reads',
    'queueDepth is a metric that nothing records',
    'corrupt_image is the code of an error that nothing throws',
  ]) {
    assert.ok(
      told.some((line) => line.startsWith(words)),
      words,
    );
  }
});
