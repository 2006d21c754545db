import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../src/kernels.ts';
import mesmer from '../../src/workflows/mesmer.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { InProcessModels } from '../fakes/in-process-models.ts';
import { InlinePool } from '../fakes/inline-pool.ts';
import { cellImage } from '../harness/cell-image.ts';
import { unzip } from '../harness/consumer-process.ts';
import { stageContext } from '../harness/stage-context.ts';
import { TemporaryBucket } from '../harness/temporary-bucket.ts';
import { accepted, defaultsOf, runPhase, stageNames } from '../harness/workflow-parts.ts';

test('an image goes through these stages, in this order', () => {
  assert.deepEqual(stageNames(mesmer), {
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
  assert.deepEqual(accepted(mesmer, 'a.tif', 'b.PNG', 'c', 'd.zip', 'E.ZIP', ''), [
    'a.tif',
    'b.PNG',
    'c',
  ]);
});

test('the model and the compartment are those of the original where nothing is set', () => {
  assert.deepEqual(defaultsOf(mesmer), {
    MESMER_MODEL: { name: 'MultiplexSegmentation', version: 9 },
    MESMER_COMPARTMENT: 'whole-cell',
    SCALE_DETECT_ENABLED: false,
    SCALE_DETECT_MODEL: { name: 'ScaleDetection', version: 1 },
    MIN_SCALE: undefined,
    MAX_SCALE: 10,
  });
  assert.deepEqual(mesmer.settings.model.aliases, ['MULTIPLEX_MODEL']);
  assert.deepEqual(mesmer.aliases, ['multiplex']);
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
    const left = await runPhase(mesmer, 'work', context);
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

test('whole cells come first, nuclei second', async () => {
  const model = ['mesmer4', 'MultiplexSegmentation', 9, 2] as const;
  const both = await run(2, { compartment: 'both', dimension_order: 'CXY' }, model);
  assert.deepEqual(both.names, ['plate/a_feature_0.tif', 'plate/a_feature_1.tif']);
  assert.deepEqual(both.notes, { dim_order: 'CYX', scale: 1, predict_retries: 0 });
  const whole = await run(2, { dimension_order: 'CXY' }, model);
  assert.deepEqual(whole.names, ['plate/a_feature_0.tif']);
});
