import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../../src/kernels.ts';
import { readScale } from '../../../src/stages/job-fields/read-scale.ts';
import { servedFake } from '../../fakes/fake-models.ts';
import { InProcessModels } from '../../fakes/in-process-models.ts';
import { InlinePool } from '../../fakes/inline-pool.ts';
import { stageContext } from '../../harness/stage-context.ts';

const settings = {
  minScale: undefined,
  maxScale: 10,
  scaleDetectEnabled: false,
  scaleDetectModel: { name: 'ScaleDetection', version: 1 },
};
const unread = (): never => {
  throw new Error('The image is not needed.');
};

const contextOf = (scale?: string) =>
  stageContext({ job: { fields: scale === undefined ? {} : { scale } } });

test('a job says its scale; nothing is written to its hash then', async () => {
  const { context, notes } = contextOf(' 0.5 ');
  assert.equal(await readScale(unread, settings, context), 0.5);
  assert.deepEqual(notes, {});
});

test('where the job says nothing it is 1, and the hash says so', async () => {
  for (const nothing of [undefined, '', ' ']) {
    const { context, notes } = contextOf(nothing);
    assert.equal(await readScale(unread, settings, context), 1);
    assert.deepEqual(notes, { scale: 1 });
  }
});

test('the limits themselves are allowed, and nothing beyond them', async () => {
  for (const text of ['0.1', '10', '1e1'])
    assert.equal(await readScale(unread, settings, contextOf(text).context), Number(text));
  for (const text of ['0.0999', '10.001', '-1', '0', 'large', 'NaN', 'Infinity', '1,5'])
    await assert.rejects(readScale(unread, settings, contextOf(text).context), {
      code: 'invalid_job',
      message: `scale is "${text}", but must be a number from 0.1 to 10.`,
    });
});

test('the smallest scale is one divided by the largest, unless it is set', async () => {
  const limits = { ...settings, maxScale: 3 };
  await assert.rejects(readScale(unread, limits, contextOf('0.3').context), {
    message: 'scale is "0.3", but must be a number from 0.333333 to 3.',
  });
  const own = { ...limits, minScale: 0.25 };
  assert.equal(await readScale(unread, own, contextOf('0.25').context), 0.25);
});

test('if it is enabled, the scale model is asked, about one channel', async () => {
  const models = new InProcessModels(servedFake('scale1', settings.scaleDetectModel, [16, 16, 1]));
  const compute = new InlinePool(kernels);
  const { context, notes } = stageContext({ models, compute });
  // The fake answers 0.5 + ((first + last) mod 64) / 64 for its tile: here of 1 and 15.
  const data = new Float32Array(256).fill(1);
  data[255] = 15;
  const channel = async () => ({ shape: [1, 16, 16, 1], data });
  const enabled = { ...settings, scaleDetectEnabled: true };
  assert.equal(await readScale(channel, enabled, context), 0.75);
  assert.deepEqual(notes, { scale: 0.75 });
  const { context: given } = contextOf('2');
  assert.equal(await readScale(unread, enabled, given), 2);
});
