import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Image, Labels } from '../../src/imaging/array.ts';
import { kernels } from '../../src/kernels.ts';
import { compute } from '../../src/stages/compute.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { stageContext } from '../harness/stages/stage-context.ts';

test('the result of a kernel is left under the name asked for, and names the stage', async () => {
  const stage = compute('takeChannels', {
    as: 'firstChannel',
    from: ({ image }: { image: Image }) => ({ image, channels: [0] }),
  });
  assert.equal(stage.name, 'compute_first_channel');
  const { context } = stageContext({ compute: new InlinePool(kernels) });
  const image = { shape: [1, 1, 2, 2], data: Float32Array.of(1, 11, 2, 12) };
  const { firstChannel } = await stage.run({ image }, context);
  assert.deepEqual([firstChannel.shape, ...firstChannel.data], [[1, 1, 2, 1], 1, 2]);
});

test('a kernel that fails is told with what it got', async () => {
  const stage = compute('countLabels', {
    as: 'cells',
    // Authors of JavaScript may give anything.
    from: () => ({ labels: undefined as unknown as Labels }),
  });
  const { context } = stageContext({ compute: new InlinePool(kernels) });
  await assert.rejects(stage.run({}, context), {
    code: 'internal',
    message:
      /^The kernel "countLabels", which makes "cells", failed\. .* It got labels: undefined\.$/,
  });
});

test('a kernel that returns nothing fails the job in a sentence', async () => {
  const forget = (_: object): void => {};
  const stage = compute(forget, { as: 'mask', from: () => ({}) });
  const { context } = stageContext({ compute: new InlinePool({ ...kernels, forget }) });
  await assert.rejects(stage.run({}, context), {
    code: 'bad_workflow',
    message: 'The kernel "forget" returned nothing, but must return what is left as "mask".',
  });
});
