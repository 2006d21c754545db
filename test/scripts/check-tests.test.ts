import assert from 'node:assert/strict';
import { it } from 'node:test';
import { testProblems } from '../../scripts/check-tests.ts';

// Put together here, so that the check does not find them in this file.
const dot = '.';
const yes = 'true';

it('finds tests that do not run', () => {
  const lines = [
    `it${dot}skip('a', b)`,
    `describe${dot}only('c', d)`,
    `test('e', { todo: ${yes} }, f)`,
  ];
  const problems = testProblems([
    { path: 'test/x.test.ts', source: ['it(g)', ...lines].join('\n') },
  ]);
  assert.deepEqual(
    problems.map((line) => line.split(' ')[0]),
    ['test/x.test.ts:2', 'test/x.test.ts:3', 'test/x.test.ts:4'],
  );
});

it('takes tests that run', () => {
  assert.deepEqual(testProblems([{ path: 'test/x.test.ts', source: "it('skips blanks', a)" }]), []);
});
