import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { CommandProcess } from './command-process.ts';

const SIDE = 64;
const CELLS = servedFake('seg2', { name: 'Cells', version: 1 }, [SIDE, SIDE, 1]);
const SETTINGS = { QUEUE: 'segmentation', NUCLEAR_MODEL: 'Cells:1' };

let deployment: Deployment;
let folder: string;

before(async () => {
  const environment = { ...SETTINGS, CONSUMER_TYPE: 'zip' };
  deployment = await Deployment.open({ models: [CELLS], environment });
  folder = await mkdtemp(join(tmpdir(), 'kiosk as zip '));
});
after(async () => {
  await deployment.close();
  await rm(folder, { recursive: true, force: true });
});

test('a folder goes as one job; its parts are counted, and each result and failure comes back', async () => {
  await mkdir(join(folder, 'images', 'more'), { recursive: true });
  const data = Float32Array.from({ length: SIDE * SIDE }, (_, at) => (at * 3) % 97);
  const bytes = encodeTiff({ shape: [SIDE, SIDE], data });
  for (const name of ['a.tif', 'more/b: 2.tif'])
    await writeFile(join(folder, 'images', name), bytes);
  await writeFile(join(folder, 'images', 'broken.tif'), 'no image');
  const words = ['--queue', 'segmentation', '--field', 'channels=0,', '--as-zip'];
  const command = new CommandProcess(['submit', 'images', ...words], {
    environment: deployment.environment,
    folder,
  });
  await command.says(/0 done, 0 failed, 1 waiting \(of 3 parts 0 done, 0 failed\)/);
  await deployment.startBeside({ ...SETTINGS, CONSUMER_TYPE: 'segmentation' });
  const { code, stdout, stderr } = await command.ended();
  assert.equal(code, 1, stderr);
  assert.match(stderr, /^"images\/more\/b: 2\.tif" is called "more\/b_ 2\.tif" in the archive\.$/m);
  assert.match(stdout, /^0 done, 1 failed\./);
  assert.match(
    stdout,
    /^images\.zip +members +1 failed; segmentation:broken\.tif:[0-9a-f]{32}: "broken\.tif" is not/m,
  );
  const results = await readdir(join(folder, 'results', 'images'), { recursive: true });
  assert.deepEqual(results.toSorted(), [
    'a_batch_0_feature_0.tif',
    'a_batch_0_feature_0_overlay.png',
    'a_batch_0_feature_0_thumbnail.png',
    'images_cells.csv',
    'more',
    'more/b_ 2_batch_0_feature_0.tif',
    'more/b_ 2_batch_0_feature_0_overlay.png',
    'more/b_ 2_batch_0_feature_0_thumbnail.png',
  ]);
});
