import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setting } from '../../../src/config/setting.ts';
import { ownMetric } from '../../../src/facts/own-metric.ts';
import { jobField } from '../../../src/job/job-field.ts';
import { workflowShapeProblems } from '../../../src/flow/shape/workflow-shape.ts';
import { WORKFLOWS } from '../../../src/workflows/index.ts';

const RIGHT = {
  name: 'mine',
  summary: 'Mine.',
  accepts: () => true,
  settings: { model: setting.model('MINE', 'Mine:1', 'Mine.') },
  pipeline: () => undefined,
};

/** What authors of JavaScript write in place of a member, and what they hear of it. */
const MISTAKES: readonly (readonly [wrong: object, said: string])[] = [
  [{ accepts: 'yes' }, 'accepts is the text "yes", but must be a function of the job,'],
  [{ accepts: undefined }, 'accepts is missing; it must be a function of the job,'],
  [{ summary: '' }, 'summary is the text "", but must be a sentence.'],
  [{ settings: undefined }, 'settings is missing; it must be an object; write {} if it has none.'],
  [
    { settings: { model: 'Mine:1' } },
    'settings.model is the text "Mine:1", but must be a setting, such as',
  ],
  [
    { settings: { a: setting.text('MINE', '', 'A.'), b: setting.text('MINE', '', 'B.') } },
    'Two of its settings are called MINE.',
  ],
  [
    { settings: { a: setting.text('my model', '', 'A.') } },
    'The setting "my model" is no name of a variable: write capitals, digits and _.',
  ],
  [
    { settings: { a: setting.integer('PREDICT_CONCURRENCY', 1, 'A.') } },
    'The setting PREDICT_CONCURRENCY is the number of places in a stage already;',
  ],
  [{ pipeline: {} }, 'pipeline is an object, but must be a function that returns pipeline(…).'],
  [{ pipelin: () => undefined }, '"pipelin" is no part of a workflow. Did you mean pipeline?'],
  [{ kernels: './kernels.ts' }, 'kernels is the text "./kernels.ts", but must be a URL: write'],
  [{ fields: 'channels' }, 'fields is the text "channels", but must be a list of fields.'],
  [
    { fields: ['channels'] },
    'fields[0] is the text "channels", but must be a field, such as jobField.positive(…).',
  ],
  [
    { fields: [jobField.positive('status', { summary: 'S.', fallback: '1', example: '2' })] },
    'Field "status": programs write a field of this name themselves;',
  ],
  [
    { settings: { a: setting.number('LEVEL', NaN, 'L.') } },
    'The setting LEVEL has the default "NaN", but must be a number.',
  ],
  [
    { settings: { a: setting.integer('LEVEL', 0, 'L.', { min: 1 }) } },
    'The setting LEVEL has the default "0", but must be a whole number of at least 1.',
  ],
  [
    { split: () => undefined, join: () => undefined },
    'It has a pipeline, and split or join; keep the pipeline, or both of the others.',
  ],
  [{ queueOf: 'other' }, 'queueOf is the text "other", but must be a function.'],
  [{ models: [] }, 'models is a list, but must be a function that returns a list.'],
  [{ metrics: 'cells' }, 'metrics is the text "cells", but must be a list of metrics.'],
  [{ metrics: [ownMetric.gauge('Mine', { help: 'Mine.' })] }, 'Metric "Mine": name is the text'],
  [{ testModels: [] }, 'testModels is a list, but must be an object, such as'],
  [{ testModels: { Mine: {} } }, '"Mine" is no model; write its version too: "Mine:1".'],
  [{ aliases: 'own' }, 'aliases is the text "own", but must be a list of other names.'],
];

for (const [wrong, said] of MISTAKES) {
  test(`${Object.keys(wrong).join()} of a wrong kind is told: ${said}`, () => {
    const [problem = '', ...more] = workflowShapeProblems({ ...RIGHT, ...wrong });
    assert.ok(problem.startsWith(`Workflow "mine": ${said}`), problem);
    assert.deepEqual(more, []);
  });
}

test('a name that nobody could name in CONSUMERS is refused', () => {
  for (const name of ['My Flow', '', 'mine:a', 5]) {
    const [problem = ''] = workflowShapeProblems({ ...RIGHT, name });
    assert.match(problem, /name is .*, but must be small letters, digits and hyphens/);
  }
});

test('a parent needs both of its pipelines', () => {
  const { pipeline: split, ...described } = RIGHT;
  assert.deepEqual(workflowShapeProblems({ ...described, split, wakeOnFailure: 1 }), [
    'Workflow "mine": join is missing; it must be a function that returns pipeline(…).',
    'Workflow "mine": wakeOnFailure is 1, but must be true or false.',
  ]);
});

test('anything else than an object is no workflow', () => {
  for (const value of [undefined, null, 5, 'mine', [], () => undefined]) {
    assert.match(workflowShapeProblems(value).join(), /^Its default export is .*, but must be/);
  }
});

test('those that are built in have the right shape', () => {
  assert.deepEqual(WORKFLOWS.flatMap(workflowShapeProblems), []);
});
