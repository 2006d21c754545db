import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUILT_IN_NAMES } from '../../src/flow/built-in-names.ts';
import { WORKFLOWS } from '../../src/workflows/index.ts';

test('the names that authors cannot have are those of the built-in workflows', () => {
  const names = WORKFLOWS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  assert.deepEqual([...BUILT_IN_NAMES].toSorted(), names.toSorted());
});
