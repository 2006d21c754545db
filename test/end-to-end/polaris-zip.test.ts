import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servedFake } from '../fakes/fake-models.ts';
import { cellImage } from '../harness/images/cell-image.ts';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { failuresOf } from '../harness/parent-deployment.ts';
import { buildZip } from '../harness/images/zip-builder.ts';

const SPOTS = servedFake('spot2', { name: 'Spots', version: 1 }, [64, 64, 1]);
const KEY = 'polaris-zip:wells.zip:0b3c5d2e-1f4a-4b6c-8d7e-9f0a1b2c3d4e';

test('an archive of images with spots: parents that have parents', async () => {
  const deployment = await Deployment.open({
    models: [SPOTS],
    environment: { QUEUE: 'polaris', CONSUMER_TYPE: 'zip' },
  });
  try {
    const spots = { QUEUE: 'spot', CONSUMER_TYPE: 'spot', POLARIS_MODEL: 'Spots:1' };
    await Promise.all([
      deployment.startBeside({ CONSUMER_TYPE: 'polaris' }),
      deployment.startBeside(spots),
    ]);
    const archive = buildZip([
      { name: 'well 1/a.tif', data: cellImage() },
      { name: 'well 1/text.tif', data: Buffer.from('no image') },
      { name: 'well 2/a.tif', data: cellImage() },
    ]);
    await deployment.upload('uploads/wells.zip', archive);
    const file = { input_file_name: 'uploads/wells.zip', original_name: 'wells.zip' };
    const form = { channels: '', segmentation_type: 'none', dimension_order: 'XY' };
    await deployment.submit(KEY, { ...file, ...form }, 'polaris-zip');
    const hash = await deployment.ended(KEY);
    assert.equal(hash['status'], 'done', hash['reason']);
    const entries = await deployment.result(hash);
    assert.deepEqual([...entries.keys()], ['well 1/a_0.csv', 'well 2/a_0.csv']);
    const [one = '', other] = Array.from(entries.values(), (bytes) =>
      Buffer.from(bytes).toString(),
    );
    assert.match(one, /^x,y\r\n(\d+\.\d+,\d+\.\d+\r\n)*$/);
    assert.equal(one, other);
    const [reason = '', ...others] = Object.values(failuresOf(hash));
    assert.match(reason, /not a TIFF file/);
    assert.equal(others.length, 0);
    const { 'children:done': done, 'children:failed': failed } = hash;
    assert.deepEqual([done, failed], ['2', '1']);
    assert.deepEqual(await deployment.objects(), [hash['output_file_name']]);
  } finally {
    await deployment.close();
  }
});
