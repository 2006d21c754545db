import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { deepWatershed } from '../../src/imaging/watershed/deep-watershed.ts';
import { Station } from '../harness/consumer-process.ts';
import { FAKE_MODELS, servedFake } from '../fakes/fake-models.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TILE = [32, 32, 1];

/** The workflow that the README shows. */
async function example(): Promise<string> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const [, code = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  assert.match(code, /defineWorkflow/);
  return code;
}

test('the workflow of the README runs from a folder outside this one', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-workflow-'));
  context.after(() => rm(folder, { recursive: true }));
  const module = join(folder, 'bright-nuclei.ts');
  await writeFile(module, await example());
  const station = await Station.open({
    models: [servedFake('seg2', { name: 'Bright', version: 3 }, TILE)],
    environment: {
      WORKFLOW_MODULES: module,
      CONSUMER_TYPE: 'bright-nuclei',
      QUEUE: 'bright',
      BRIGHT_MODEL: 'Bright:3',
    },
  });
  context.after(() => station.close());
  const image = {
    shape: [32, 32],
    data: Float32Array.from({ length: 1024 }, (_, at) => ((at % 32) % 16) / 16),
  };
  await station.upload('uploads/a.tif', encodeTiff(image));
  await station.submit('bright:1', { input_file_name: 'uploads/a.tif', original_name: 'a.tif' });
  const hash = await station.ended('bright:1');
  assert.equal(hash['status'], 'done', hash['reason']);
  const entries = await station.result(hash);
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

test('the workflow of the README compiles', async (context) => {
  const folder = await mkdtemp(join(ROOT, 'test', 'readme-'));
  context.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'workflow.ts'), await example());
  // An author has the package; here it is the source of this one.
  const paths = { 'kiosk-redis-consumer': ['../../src/index.ts'] };
  const configuration = {
    extends: '../../tsconfig.json',
    compilerOptions: { paths },
    include: ['.', '../../src'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(configuration));
  await promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder]);
});
