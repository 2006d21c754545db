import assert from 'node:assert/strict';
import { it } from 'node:test';
import { nameProblems } from '../../../scripts/checks/check-names.ts';

it('refuses names that say nothing about the contents', () => {
  const files = [
    'src/flow/utils.ts',
    'src/helpers/retry.ts',
    'src/flow/job-manager.ts',
    'src/common/x.ts',
  ];
  assert.deepEqual(
    nameProblems(files).map((line) => line.split(':')[0]),
    files,
  );
});

it('refuses names that are not in kebab case', () => {
  assert.match(nameProblems(['src/flow/runStage.ts']).join(), /"runStage" must be in kebab-case/);
});

it('takes plain names, tests and declarations', () => {
  const files = [
    'src/flow/run-stage.ts',
    'test/flow/run-stage.test.ts',
    'src/adapters/x.d.ts',
    'src/imaging/shared-memory.ts',
  ];
  assert.deepEqual(nameProblems(files), []);
});
