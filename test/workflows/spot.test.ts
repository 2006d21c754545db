import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../src/kernels.ts';
import spot from '../../src/workflows/spot.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { InProcessModels } from '../fakes/in-process-models.ts';
import { InlinePool } from '../fakes/inline-pool.ts';
import { cellImage } from '../harness/cell-image.ts';
import { unzip } from '../harness/consumer-process.ts';
import { stageContext } from '../harness/stage-context.ts';
import { TemporaryBucket } from '../harness/temporary-bucket.ts';
import { accepted, defaultsOf, runPhase, stageNames } from '../harness/workflow-parts.ts';

test('an image goes through these stages, in this order', () => {
  assert.deepEqual(stageNames(spot), {
    work: [
      'download',
      'describe',
      'decode',
      'plan',
      'preprocess',
      'predict',
      'postprocess',
      'package',
      'upload',
    ],
  });
});

test('anything but a zip archive may be an image', () => {
  assert.deepEqual(accepted(spot, 'a.tif', 'b.PNG', 'c', 'd.zip', 'E.ZIP', ''), [
    'a.tif',
    'b.PNG',
    'c',
  ]);
});

test('the model and its threshold are those of the original where nothing is set', () => {
  assert.deepEqual(defaultsOf(spot), {
    POLARIS_MODEL: { name: 'SpotDetection', version: 7 },
    POLARIS_THRESHOLD: 0.95,
    POLARIS_CLIP: false,
  });
});

async function run(
  planes: number,
  fields: Record<string, string>,
  ...served: readonly (readonly [fake: string, model: string, version: number, channels: number])[]
) {
  const store = await TemporaryBucket.open();
  try {
    await store.put('uploads/a.tif', cellImage(planes));
    const models = new InProcessModels(
      ...served.map(([fake, name, version, channels]) =>
        servedFake(fake, { name, version }, [64, 64, channels]),
      ),
    );
    const job = { fields, originalName: 'plate/a.tif' };
    const { context, notes } = stageContext({
      bucket: store.bucket,
      compute: new InlinePool(kernels),
      models,
      job,
    });
    const left = await runPhase(spot, 'work', context);
    const fileName = 'output/0123456789abcdef0123456789abcdef.zip';
    assert.deepEqual('output' in left && left.output, {
      url: store.bucket.publicUrl(fileName),
      fileName,
    });
    const names = Array.from((await unzip(await store.read(fileName))).keys());
    return { names, notes };
  } finally {
    await store.remove();
  }
}

test('each image has a picture and its points', async () => {
  const { names, notes } = await run(2, {}, ['spot2', 'SpotDetection', 7, 1]);
  assert.deepEqual(names, ['plate/a_0.tif', 'plate/a_0.npy', 'plate/a_1.tif', 'plate/a_1.npy']);
  assert.deepEqual(notes, { dim_order: 'YXC', predict_retries: 0 });
});
