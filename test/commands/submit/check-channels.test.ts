import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkChannels } from '../../../src/commands/submit/check-channels.ts';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk channels-'));
  for (const channels of [1, 2, 3]) {
    const image = { shape: [channels, 64, 64], data: new Float32Array(channels * 4096) };
    await writeFile(join(folder, `${channels}.tif`), encodeTiff(image));
  }
  await writeFile(join(folder, 'broken.tif'), 'no picture');
  await writeFile(join(folder, 'archive.zip'), '');
});
after(() => rm(folder, { recursive: true }));

function check(names: readonly string[], channels: string, queue = 'segmentation'): Promise<void> {
  const paths = names.map((name) => join(folder, name));
  return checkChannels({ paths, queue, fields: { channels } });
}

test('channels that none of the images has are refused, broken files aside', async () => {
  await assert.rejects(check(['broken.tif', '1.tif', '2.tif'], '2'), {
    code: 'bad_usage',
    message: 'channels is "2", but "2" is no channel of the image, which has 1 (0 to 0).',
  });
  await assert.rejects(check(['3.tif'], 'DAPI,'), { code: 'bad_usage', message: /"DAPI"/ });
});

test('where one image has them, or that is not known, nothing is refused', async () => {
  await check(['1.tif', '2.tif', '3.tif'], '2');
  await check(['1.tif', 'archive.zip'], '2');
  await check(['broken.tif'], '2');
  await check(['1.tif'], '2', 'own-workflow');
  await check(
    Array.from({ length: 21 }, () => '1.tif'),
    '2',
  );
});
