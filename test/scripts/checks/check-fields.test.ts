import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unlistedFields } from '../../../scripts/checks/check-fields.ts';

const wrote = (source: string): string[] =>
  unlistedFields([{ path: 'src/stages/x.ts', source }]).map(
    (line) => /"(\w+)"/.exec(line)?.[1] ?? '',
  );

test('a field that a stage notes, flushes or is timed by must be in a list', () => {
  assert.deepEqual(wrote('context.note({ brightness: 1, cells });'), ['brightness']);
  assert.deepEqual(wrote('await flush({ half_done: 1 });'), ['half_done']);
  assert.deepEqual(wrote("defineStage({ timing: 'invert_time' });"), ['invert_time']);
});

test('fields in a list, names made as the program runs, and other calls are none of its business', () => {
  const listed =
    "note({ spots }); flush({ [MARK]: 1, ...totals }); defineStage({ timing: 'upload_time' });";
  assert.deepEqual(wrote(`${listed} write({ brightness: 1 });`), []);
});
