import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndedChild } from '../../../src/ports.ts';
import { childrenDone } from '../../../src/stages/archive/children-done.ts';
import { endedChild, endedChildren } from '../../harness/ended-children.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

function resultsOf(total: number, children: readonly EndedChild[]) {
  const job = { fields: { 'children:total': String(total) } };
  const { context } = stageContext({ job, family: endedChildren(children) });
  return childrenDone(context, (place) => `Frame ${place}`);
}

const done = (place: number) => endedChild(place, { output_file_name: `output/${place}.zip` });

test('the results are told by place', async () => {
  assert.deepEqual(await resultsOf(3, [done(0), done(2), done(1)]), [
    'output/0.zip',
    'output/1.zip',
    'output/2.zip',
  ]);
  assert.deepEqual(await resultsOf(0, []), []);
});

test('the first that failed fails the job, with its place and its reason', async () => {
  const failed = endedChild(1, { reason: 'The file is damaged.' });
  await assert.rejects(resultsOf(3, [done(0), failed, endedChild(2, { reason: 'Other.' })]), {
    code: 'child_failed',
    message: 'Frame 1 failed: The file is damaged.',
  });
});

test('one that has expired, or is done without a result, fails the job too', async () => {
  const nameless = { ...endedChild(0, {}), outcome: 'done' } as const;
  for (const child of [endedChild(0, {}), nameless])
    await assert.rejects(resultsOf(1, [child]), {
      message: 'Frame 0 failed: it has expired or was deleted.',
    });
});

test('a child that is not there at all is missed', async () => {
  await assert.rejects(resultsOf(3, [done(0), done(2)]), {
    code: 'child_failed',
    message: 'Only 2 of 3 parts have a result.',
  });
});
