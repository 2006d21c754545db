import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../../src/kernels.ts';
import { namedModel, planModelJob } from '../../../src/stages/plan/plan-model-job.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting, describedImage } from '../../harness/images/described-image.ts';
import { sampleJob } from '../../harness/stages/job-in-flight.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

const model = { name: 'Nuclear', version: 3 };
const compute = new InlinePool(kernels);

function plan(fields: Record<string, string>, axes: string | undefined, ...shape: number[]) {
  const { context } = stageContext({ compute, job: { fields } });
  return planModelJob({ raw: describedImage(counting(...shape), axes), model }, context);
}

test('a job names a model only with its version, which is a whole number', () => {
  const named = (model_name: string, model_version: string) =>
    namedModel(sampleJob({ fields: { model_name, model_version } }));
  assert.deepEqual(named('Nuclear', ' 3 '), model);
  assert.deepEqual(named('Nuclear', '0'), { name: 'Nuclear', version: 0 });
  assert.equal(named('Nuclear', ''), undefined);
  assert.equal(named('', '3'), undefined);
  assert.equal(namedModel(sampleJob()), undefined);
  for (const version of ['latest', '1.5', '-1'])
    assert.throws(() => named('Nuclear', version), {
      code: 'invalid_job',
      message: `model_version is "${version}", but must be a whole number.`,
    });
});

test('the functions of each list are chained in their order; nothing is done where none is named', async () => {
  const fields = {
    preprocess_function: 'normalize, Histogram_Normalization',
    postprocess_function: 'deep_watershed',
  };
  const { application, model: used } = await plan(fields, 'YX', 4, 5);
  assert.deepEqual(application.preprocess, [
    { kind: 'normalize' },
    { kind: 'histogram_normalization' },
  ]);
  assert.deepEqual(application.postprocess, [{ kind: 'deep_watershed', parts: [{}] }]);
  assert.deepEqual(
    [application.micronsPerPixel, application.heads, used],
    [undefined, 'all', model],
  );
  const bare = await plan({}, 'YX', 4, 5);
  assert.deepEqual([bare.application.preprocess, bare.application.postprocess], [[], []]);
});

test('a function that does not exist is refused with those that do', async () => {
  await assert.rejects(plan({ postprocess_function: 'sharpen' }, 'YX', 4, 5), {
    code: 'unsupported_function',
    message:
      'postprocess_function names "sharpen", which does not exist; use one of deep_watershed, ' +
      'multiplex_postprocess_consumer, none.',
  });
});

test('axes that the file names go where they belong; others keep their places', async () => {
  assert.deepEqual((await plan({}, 'CYX', 2, 4, 5)).image.shape, [1, 4, 5, 2]);
  assert.deepEqual((await plan({}, undefined, 4, 5)).image.shape, [1, 4, 5, 1]);
  assert.deepEqual((await plan({}, undefined, 2, 4, 5)).image.shape, [1, 2, 4, 5]);
  assert.deepEqual((await plan({}, undefined, 1, 4, 5, 3)).image.shape, [1, 4, 5, 3]);
});

test('other numbers of axes are refused in the words of the reference', async () => {
  for (const [shape, seen] of [
    [[9], 2],
    [[2, 4, 5, 3], 5],
  ] as const)
    await assert.rejects(plan({}, undefined, ...shape), {
      code: 'wrong_dimensions',
      message: `Input data must have 4 dimensions. Input data only has ${seen} dimensions`,
    });
});
