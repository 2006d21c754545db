import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectResults } from '../../../src/stages/archive/collect-results.ts';
import { endedChild, endedChildren } from '../../harness/ended-children.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

test('results, failures and times are collected by place; a time that no child has is left out', async () => {
  const children = [
    endedChild(0, {
      input_file_name: 'output/x/a.tif',
      original_name: 'a.tif',
      output_file_name: 'output/r0.zip',
      total_time: '1.5',
      predict_retries: '0',
      cells: '3',
      warnings: 'Channel 0 is constant.',
    }),
    endedChild(1, { input_file_name: 'output/x/b.tif', reason: 'Broken.', total_time: '9' }),
    endedChild(2, { output_file_name: 'output/r2.zip', total_time: '2.5', cells: '4' }),
  ];
  const { context, warnings } = stageContext({ family: endedChildren(children) });
  const { collected } = await collectResults().run({}, context);
  assert.deepEqual(warnings, ['a.tif: Channel 0 is constant.']);
  assert.deepEqual(collected, {
    results: [
      { key: 'image:0', fileName: 'output/r0.zip', originalName: 'a.tif' },
      { key: 'image:2', fileName: 'output/r2.zip', originalName: '' },
    ],
    failures: [['image:1', 'Broken.']],
    totals: { total_jobs: 3, total_time: '1.5,2.5', predict_retries: '0' },
    cells: '7',
  });
});

test('a child without a word of its own has a reason nevertheless', async () => {
  const children = [
    endedChild(0, {}),
    { key: 'image:1', place: 1, outcome: 'done' as const, fields: {} },
  ];
  const { context } = stageContext({ family: endedChildren(children) });
  const { collected } = await collectResults().run({}, context);
  assert.deepEqual(collected.failures, [
    ['image:0', 'The job expired or was deleted before it ended.'],
    ['image:1', 'The job is done, but its hash has expired or names no result.'],
  ]);
});

test('a job without children has nothing', async () => {
  const { context } = stageContext({ family: endedChildren([]) });
  const { collected } = await collectResults().run({}, context);
  assert.deepEqual(collected, {
    results: [],
    failures: [],
    totals: { total_jobs: 0 },
    cells: undefined,
  });
});

test('the part of the job that a warning is about is named as the workflow calls it', async () => {
  const children = [
    endedChild(0, { original_name: 'output/tmp-0.tif', warnings: 'Channel 0 is constant.' }),
    endedChild(1, { original_name: 'output/tmp-1.tif', warnings: 'Channel 0 is constant.' }),
  ];
  const { context, warnings } = stageContext({ family: endedChildren(children) });
  await collectResults(({ place }) => `Frame ${place}`).run({}, context);
  assert.deepEqual(warnings, ['Frame 0 and 1 other: Channel 0 is constant.']);
});
