import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChildSpec } from '../../../src/flow/family.ts';
import { decodeImage } from '../../../src/formats/decode-image.ts';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';
import { kernels } from '../../../src/kernels.ts';
import { frameName, splitMovie } from '../../../src/stages/tracking/split-movie.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting } from '../../harness/images/described-image.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';

const ID = '0123456789abcdef0123456789abcdef';

test('a frame is named after the result and the movie, without folders', () => {
  assert.equal(
    frameName({ resultId: 'x', originalName: 'plate/a.tif' }, 3),
    'x-plate_a.tif-tracking-frame-3.tif',
  );
});

test('each frame is a child that looks for nuclei in its one channel', async () => {
  const store = await TemporaryBucket.open();
  try {
    await store.put('uploads/a.tif', encodeTiff(counting(3, 4, 5)));
    const compute = new InlinePool(kernels);
    const { context } = stageContext({ bucket: store.bucket, compute });
    const { children } = await splitMovie({ queue: 'predict' }).run({}, context);
    const specs: ChildSpec[] = [];
    for await (const child of children) specs.push(child);
    const names = [0, 1, 2].map((frame) => `${ID}-a.tif-tracking-frame-${frame}.tif`);
    assert.deepEqual(
      specs,
      names.map((name) => ({
        queue: 'predict',
        name,
        fields: {
          input_file_name: `output/${name}`,
          original_name: name,
          url: store.bucket.publicUrl(`output/${name}`),
          channels: '0,,',
          dimension_order: 'XY',
        },
      })),
    );
    const bytes = await store.read(`output/${names[1]}`);
    const { shape, data } = decodeImage({ bytes, name: 'a', limits: context.limits });
    assert.deepEqual([shape, data[0], data.at(-1)], [[4, 5], 20, 39]);
  } finally {
    await store.remove();
  }
});

test('a file with labels needs no children, and is not even read', async () => {
  const { context } = stageContext({ job: { inputFileName: 'uploads/a.TRK' } });
  assert.deepEqual(await splitMovie({ queue: 'predict' }).run({}, context), { children: [] });
});
