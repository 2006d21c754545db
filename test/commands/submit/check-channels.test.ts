import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
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
  await writeFile(join(folder, 'large.tif'), '');
  const plane = { shape: [64, 64], data: new Float32Array(4096) };
  await writeFile(join(folder, 'plane.tif'), encodeTiff(plane));
});
after(() => rm(folder, { recursive: true }));

function check(names: readonly string[], channels: string, queue = 'segmentation'): Promise<void> {
  const paths = names.map((name) => join(folder, name));
  return checkChannels({ paths, queue, fields: { channels } });
}

test('channels that none of the images has are refused, broken files aside', async () => {
  await assert.rejects(check(['broken.tif', '1.tif', '2.tif'], '2'), {
    code: 'bad_usage',
    message:
      `None of the 2 images has the channels. "${join(folder, '1.tif')}": ` +
      'channels is "2", but "2" is no channel of the image, which has 1 (0 to 0).',
  });
  await assert.rejects(check(['3.tif'], 'DAPI,'), { code: 'bad_usage', message: /"DAPI"/ });
});

test('where one image has them, or that is not known, nothing is refused', async () => {
  await check(['1.tif', '2.tif', '3.tif'], '2');
  await check(['1.tif', 'archive.zip'], '2');
  await check(['broken.tif'], '2');
  await check(['1.tif'], '2', 'own-workflow');
});

test('many small images are all looked at; of large ones, the jobs tell', async () => {
  const many = Array.from({ length: 300 }, () => '1.tif');
  await assert.rejects(check(many, '2'), { message: /^None of the 300 images has the channels\./ });
  await check([...many, '3.tif'], '2');
  await truncate(join(folder, 'large.tif'), 65 * 2 ** 20);
  await check(['1.tif', 'large.tif'], '2');
});

test('channels of tissue are looked at, too; an image without channels to choose has none', async () => {
  for (const queue of ['mesmer', 'multiplex']) {
    await assert.rejects(check(['2.tif'], '0,2', queue), {
      code: 'bad_usage',
      message: /2\.tif": channels is "0,2", but must name two of the image's 2 channels \(0 to 1\)/,
    });
    await check(['2.tif', '3.tif'], '0,2', queue);
    await check(['plane.tif'], '0,2', queue);
    await assert.rejects(check(['plane.tif', '2.tif'], '0,2', queue), { code: 'bad_usage' });
  }
});
