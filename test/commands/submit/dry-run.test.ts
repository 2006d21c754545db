import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';
import { CommandProcess } from '../command-process.ts';

/** Nobody listens there: a dry run must not ask. */
const NOWHERE = { REDIS_HOST: '127.0.0.1', REDIS_PORT: '1', STORAGE_BUCKET: 'file:///nowhere' };

async function run(words: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk dry-'));
  try {
    const data = new Float32Array(3 * 8 * 9);
    await writeFile(join(folder, 'a b.tif'), encodeTiff({ shape: [3, 8, 9], data }));
    await writeFile(join(folder, 'broken.png'), 'no picture');
    const given = ['submit', 'a b.tif', 'broken.png', ...words];
    const command = new CommandProcess(given, { environment: NOWHERE, folder });
    const { code, stdout, stderr } = await command.ended();
    return `${code}\n${stdout}${stderr}`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a dry run shows each file, its queue, its image and the fields, and needs no Redis', async () => {
  const said = await run([
    '-q',
    'Segmentation',
    '-f',
    'channels=0,',
    '--pixel-size',
    '0.3',
    '--dry-run',
  ]);
  assert.match(said, /^0\nFILE +QUEUE +RESULTS +IMAGE\na b\.tif +segmentation +a b +3 × 8 × 9\n/);
  assert.match(said, /broken\.png +segmentation +broken +"broken\.png" is/);
  assert.match(said, /\nFields: channels=0, pixel_size=0\.3\nNothing was submitted\.\n$/);
});

test('a mistyped field is told before anything is asked for', async () => {
  const said = await run(['-q', 'segmentation', '-f', 'channel=1']);
  assert.match(
    said,
    /^2\nsegmentation does not read the field "channel"\. Did you mean channels\?/,
  );
});
