import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChildSpec } from '../../../src/flow/family.ts';
import { decodeImage } from '../../../src/formats/decode-image.ts';
import { kernels } from '../../../src/kernels.ts';
import { polarisChildren } from '../../../src/stages/polaris/polaris-children.ts';
import { splitPolaris } from '../../../src/stages/polaris/split-polaris.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting } from '../../harness/images/described-image.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';

const ID = '0123456789abcdef0123456789abcdef';

async function split(segmentation_type: string, batches: number) {
  const store = await TemporaryBucket.open();
  try {
    const job = { originalName: 'plate/a.tif', fields: { channels: '0,1,2', segmentation_type } };
    const said = stageContext({ bucket: store.bucket, compute: new InlinePool(kernels), job });
    const { context } = said;
    const image = counting(batches, 1, 2, 3);
    const planned = polarisChildren(context.job);
    const { children } = await splitPolaris({ scale: 0.38 }).run({ planned, image }, context);
    const specs: ChildSpec[] = [];
    for await (const child of children) specs.push(child);
    const images = specs.map(async ({ fields }) => {
      const bytes = await store.read(fields['input_file_name'] ?? '');
      const { shape, data, axes } = decodeImage({ bytes, name: 'a', limits: context.limits });
      return [axes, shape, [...data]];
    });
    return { specs, images: await Promise.all(images), notes: said.notes };
  } finally {
    await store.remove();
  }
}

test('spots, nuclei and cytoplasm get all images of their channel at once', async () => {
  const { specs, images, notes } = await split('cell culture', 2);
  assert.deepEqual(notes, {
    'children:finds': 'spots,nuclei,cytoplasm',
    'children:images': '2',
  });
  assert.deepEqual(images, [
    ['TYX', [2, 1, 2], [0, 3, 6, 9]],
    ['TYX', [2, 1, 2], [1, 4, 7, 10]],
    ['TYX', [2, 1, 2], [2, 5, 8, 11]],
  ]);
  assert.deepEqual(
    specs.map(({ queue, fields }) => [queue, fields['channels'], fields['dimension_order']]),
    [
      ['spot', undefined, 'BXY'],
      ['segmentation', '0,', 'BXY'],
      ['segmentation', ',0', 'BXY'],
    ],
  );
  assert.ok(specs.every(({ fields }) => fields['scale'] === '0.38'));
  assert.deepEqual(
    [specs[0]?.name, specs[1]?.fields['input_file_name']],
    [`${ID}-plate_a.tif-spot-image.tif`, `output/${ID}-1-segmentation.tif`],
  );
});

test('cells of tissue are a mesmer job for each image, of two channels', async () => {
  const { specs, images } = await split('tissue', 2);
  assert.deepEqual(images.slice(1), [
    ['CYX', [2, 1, 2], [1, 4, 2, 5]],
    ['CYX', [2, 1, 2], [7, 10, 8, 11]],
  ]);
  assert.deepEqual(
    specs.map(({ queue, fields }) => [queue, fields['channels']]),
    [
      ['spot', undefined],
      ['mesmer', '0,1'],
      ['mesmer', '0,1'],
    ],
  );
  const objects = specs.map(({ fields }) => fields['input_file_name']);
  assert.equal(new Set(objects).size, 3);
});
