import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { deepWatershed } from '../../src/imaging/watershed/deep-watershed.ts';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { readmeWorkflow } from '../harness/readme-workflow.ts';
import { FAKE_MODELS, servedFake } from '../fakes/fake-models.ts';

const TILE = [32, 32, 1];

test('the workflow of the README runs from a folder outside this one', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-workflow-'));
  context.after(() => rm(folder, { recursive: true }));
  const module = join(folder, 'bright-nuclei.ts');
  await writeFile(module, await readmeWorkflow());
  const deployment = await Deployment.open({
    models: [servedFake('seg2', { name: 'Bright', version: 3 }, TILE)],
    environment: {
      WORKFLOW_MODULES: module,
      CONSUMER_TYPE: 'bright-nuclei',
      QUEUE: 'bright',
      BRIGHT_MODEL: 'Bright:3',
    },
  });
  context.after(() => deployment.close());
  const image = {
    shape: [32, 32],
    data: Float32Array.from({ length: 1024 }, (_, at) => ((at % 32) % 16) / 16),
  };
  await deployment.upload('uploads/a.tif', encodeTiff(image));
  await deployment.submit('bright:1', { input_file_name: 'uploads/a.tif', original_name: 'a.tif' });
  const hash = await deployment.ended('bright:1');
  assert.equal(hash['status'], 'done', hash['reason']);
  const entries = await deployment.result(hash);
  assert.deepEqual([...entries.keys()], ['labels.tif']);
  const bytes = entries.get('labels.tif') ?? new Uint8Array();
  const limits = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 20 };
  const { data } = decodeImage({ bytes, name: 'labels.tif', limits });
  assert.deepEqual([...data], [...labelled(image.data)]);
});

/** What the kernel makes of the model's answer, asked without a server. */
function labelled(data: Float32Array): Int32Array {
  const answer = FAKE_MODELS['seg2']?.predict({ shape: [1, ...TILE], data });
  const [maxima, interior] = ['semantic_0', 'semantic_1'].map((name) => answer?.get(name));
  assert.ok(maxima?.data instanceof Float32Array && interior?.data instanceof Float32Array);
  const heads = {
    maxima: { shape: maxima.shape, data: maxima.data },
    interior: { shape: interior.shape, data: interior.data },
  };
  return deepWatershed({ ...heads, radius: 5 }).data;
}
