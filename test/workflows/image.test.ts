import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../src/kernels.ts';
import image from '../../src/workflows/image.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { InProcessModels } from '../fakes/in-process-models.ts';
import { InlinePool } from '../fakes/inline-pool.ts';
import { cellImage } from '../harness/cell-image.ts';
import { unzip } from '../harness/consumer-process.ts';
import { stageContext } from '../harness/stage-context.ts';
import { TemporaryBucket } from '../harness/temporary-bucket.ts';
import { accepted, defaultsOf, runPhase, stageNames } from '../harness/workflow-parts.ts';

test('an image goes through these stages, in this order', () => {
  assert.deepEqual(stageNames(image), {
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
  assert.deepEqual(accepted(image, 'a.tif', 'b.PNG', 'c', 'd.zip', 'E.ZIP', ''), [
    'a.tif',
    'b.PNG',
    'c',
  ]);
});

test('the models and limits are those of the original where nothing is set', () => {
  assert.deepEqual(defaultsOf(image), {
    NUCLEAR_MODEL: { name: 'NuclearSegmentation', version: 6 },
    CYTOPLASM_MODEL: { name: 'CytoplasmSegmentation', version: 5 },
    PHASE_MODEL: { name: 'PhaseCytoSegmentation', version: 0 },
    LABEL_DETECT_ENABLED: false,
    LABEL_DETECT_MODEL: { name: 'LabelDetection', version: 1 },
    SCALE_DETECT_ENABLED: false,
    SCALE_DETECT_MODEL: { name: 'ScaleDetection', version: 1 },
    MIN_SCALE: undefined,
    MAX_SCALE: 10,
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
    const left = await runPhase(image, 'work', context);
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

test('a job that names no model is a segmentation', async () => {
  const { names } = await run(1, {}, ['seg2', 'NuclearSegmentation', 6, 1]);
  assert.deepEqual(names, ['plate/a_batch_0_feature_0.tif']);
});

test('the files of a job that names its model have no batch in their names', async () => {
  const fields = { model_name: 'Mine', model_version: '2', postprocess_function: 'deep_watershed' };
  const { names, notes } = await run(1, fields, ['seg2', 'Mine', 2, 1]);
  assert.deepEqual(names, ['plate/a_feature_0.tif']);
  assert.deepEqual(notes, { scale: 1, predict_retries: 0 });
});

test('it serves jobs of the queue predict too', () => {
  assert.deepEqual(image.aliases, ['predict']);
});
