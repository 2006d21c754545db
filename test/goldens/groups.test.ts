import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { goldenGroups } from './load.ts';

const tests = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.test.ts') && name !== 'groups.test.ts')
  .map((name) => readFileSync(`${import.meta.dirname}/${name}`, 'utf8'))
  .join('\n');

test('every kind of golden in the folder has a test that replays it', () => {
  const forgotten = goldenGroups().filter((group) => !new RegExp(`\\b${group}\\b`).test(tests));
  assert.deepEqual(forgotten, []);
});
