import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findFiles } from '../../../src/commands/submit/find-files.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk-find-'));
  await mkdir(join(folder, 'results', 'a'), { recursive: true });
  for (const name of ['a.tif', 'notes.txt', '._a.tif', 'results/a/a_overlay.png'])
    await writeFile(join(folder, name), '');
});
after(() => rm(folder, { recursive: true, force: true }));

test('results of an earlier run are not submitted again, and what is no image is told', async () => {
  const skipped: string[] = [];
  const found = await findFiles([folder], {
    output: join(folder, 'results'),
    onSkipped: (path) => skipped.push(path),
  });
  assert.deepEqual(
    found.map(({ name }) => name),
    ['a.tif'],
  );
  assert.deepEqual(skipped, [join(folder, 'notes.txt')]);
});

test('a folder of images that are not read is refused with what to do with the first', async () => {
  const apart = join(folder, 'apart');
  await mkdir(apart);
  await writeFile(join(apart, 'a.txt'), 'notes');
  await writeFile(join(apart, 'slide.czi'), 'ZISRAWFILE');
  await assert.rejects(findFiles([apart]), {
    code: 'bad_usage',
    message:
      `"${apart}" holds no images (.tif, .tiff, .png, .jpg, .jpeg). "${join(apart, 'slide.czi')}": ` +
      'It is a Zeiss CZI file, which is not read. ' +
      'Export it as OME-TIFF, for example with Fiji or with bfconvert of Bio-Formats.',
  });
  await rm(apart, { recursive: true });
});

test('a folder that is searched and gets the results is searched all the same', async () => {
  const found = await findFiles([folder], { output: folder });
  assert.deepEqual(
    found.map(({ name }) => name),
    ['a.tif', join('results', 'a', 'a_overlay.png')],
  );
});
