import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { kernels } from '../../src/kernels.ts';
import { describeImage } from '../../src/stages/describe-image.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { counting } from '../harness/images/described-image.ts';
import { stageContext } from '../harness/stages/stage-context.ts';

const compute = new InlinePool(kernels);

test('axes, lengths and the type of the values are known before there are pixels', async () => {
  const { context } = stageContext({ compute });
  const { described } = await describeImage.run({ file: encodeTiff(counting(3, 4, 5)) }, context);
  assert.deepEqual([described.shape, described.sampleType], [[3, 4, 5], 'float32']);
  assert.equal('data' in described, false);
  assert.equal(describeImage.footprint?.({ file: new Uint8Array(9) }, context), 0);
  // The pixels are still to be read from it.
  assert.equal(describeImage.frees, undefined);
});

test('the limits hold before a pixel is read: exactly met, and exceeded by one row', async () => {
  const limits = { maxFileBytes: 0, maxHeight: 4, maxWidth: 5, maxFrames: 0 };
  const { context } = stageContext({ compute, limits });
  await describeImage.run({ file: encodeTiff(counting(4, 5)) }, context);
  await assert.rejects(describeImage.run({ file: encodeTiff(counting(5, 5)) }, context), {
    code: 'image_too_large',
    message:
      '"a.tif" is 5 × 5 pixels large; at most 4 × 5 are allowed (MAX_IMAGE_HEIGHT × MAX_IMAGE_WIDTH).',
  });
});

test('an empty file and one that is no image are refused in words, with the name of the user', async () => {
  const { context } = stageContext({ compute, job: { originalName: 'notes.txt' } });
  for (const file of [new Uint8Array(), Buffer.from('not an image at all')])
    await assert.rejects(describeImage.run({ file }, context), {
      kind: 'bad_input',
      message: /"notes\.txt"/,
    });
});
