import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { testProcesses } from '../../scripts/test-files.ts';

test('a test has a process of its own, unless its folder or one above runs in one', () => {
  const files = [
    'test/errors.test.ts',
    'test/flow/retry.test.ts',
    'test/flow/together.ts',
    'test/flow/deep/stage.test.ts',
    'test/flower/rose.test.ts',
    'test/harness/until.ts',
  ];
  assert.deepEqual(testProcesses(files), [
    'test/errors.test.ts',
    'test/flow/together.ts',
    'test/flower/rose.test.ts',
  ]);
});

test('a folder within one that runs in one process runs in no second one', () => {
  const files = ['test/a/b/one.test.ts', 'test/a/b/together.ts', 'test/a/together.ts'];
  assert.deepEqual(testProcesses(files), ['test/a/together.ts']);
});

test('tests of other programs and long faults are left to their own commands', () => {
  const files = ['test/operations/rules.test.ts', 'test/faults/soak/day.test.ts'];
  assert.deepEqual(testProcesses([...files, 'test/faults/r1.test.ts']), ['test/faults/r1.test.ts']);
  const together = ['test/faults/together.ts', 'test/faults/r1.test.ts'];
  assert.deepEqual(testProcesses([...files, ...together]), ['test/faults/together.ts']);
  for (const folder of ['test/operations', 'test/faults/*']) {
    assert.notEqual(globSync(`${folder}/*.test.ts`).length, 0, `${folder} has no tests`);
  }
});
