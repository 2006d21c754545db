import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setting } from '../../src/config/setting.ts';
import { pipeline } from '../../src/flow/pipeline.ts';
import { defineStage } from '../../src/flow/stage.ts';
import { defineWorkflow, isImage, checkedPhases } from '../../src/flow/workflow.ts';

const deliver = defineStage({
  name: 'deliver',
  concurrency: 1,
  run: async (_: object) => ({ output: { url: 'u', fileName: 'f' } }),
});
const common = { summary: 'For a test.', accepts: () => true };

test('a workflow with a pipeline has one phase, made from its settings', () => {
  const seen: unknown[] = [];
  const workflow = defineWorkflow({
    ...common,
    name: 'one',
    settings: { radius: setting.integer('RADIUS', 3, 'A radius.') },
    pipeline: (settings) => {
      seen.push(settings);
      return pipeline(deliver);
    },
  });
  const phases = checkedPhases(workflow, { radius: 5 }, 'image').phases;
  assert.deepEqual(Object.keys(phases), ['work']);
  assert.deepEqual(seen, [{ radius: 5 }]);
});

test('a workflow that splits has two; the split ends with submitting the children', () => {
  const split = defineStage({
    name: 'list',
    concurrency: 1,
    run: async (_: object) => ({ children: [] }),
  });
  const workflow = defineWorkflow({
    ...common,
    name: 'two',
    settings: {},
    split: () => pipeline(split),
    join: () => pipeline(deliver),
  });
  const { split: first = [], join = [] } = checkedPhases(workflow, {}, 'image').phases;
  assert.deepEqual(
    [first.map(({ name }) => name), join.map(({ name }) => name)],
    [['list', 'submit_children'], ['deliver']],
  );
});

test('the stages that were checked are those that jobs run, whatever the function returns the next time', () => {
  let calls = 0;
  const workflow = defineWorkflow({
    ...common,
    name: 'fickle',
    settings: {},
    pipeline: () => {
      calls += 1;
      if (calls > 1) throw new Error('It was called again.');
      return pipeline(deliver);
    },
  });
  const { phases, problems } = checkedPhases(workflow, {}, 'image');
  assert.deepEqual(problems, []);
  assert.deepEqual(
    phases.work?.map(({ name }) => name),
    ['deliver'],
  );
});

test('anything but an archive may be an image', () => {
  assert.deepEqual(['a.tif', 'a', 'A.ZIP', ''].map(isImage), [true, true, false, false]);
});
