import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';
import { runCommand } from '../run-command.ts';

/** Nobody listens there: a dry run must not ask. */
const NOWHERE = { REDIS_HOST: '127.0.0.1', REDIS_PORT: '1', STORAGE_BUCKET: 'file:///nowhere' };

/** A command on two files, or on their folder, which holds others besides. */
async function run(words: readonly string[], ...paths: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk dry-'));
  try {
    const data = new Float32Array(3 * 8 * 9);
    await writeFile(join(folder, 'a b.tif'), encodeTiff({ shape: [3, 8, 9], data }));
    await writeFile(join(folder, 'broken.png'), 'no picture');
    for (const name of ['notes.txt', 'm.trk', 'm.zip']) await writeFile(join(folder, name), 'x');
    const files = paths.length > 0 ? paths : ['a b.tif', 'broken.png'];
    const given = ['submit', ...files, ...words];
    const { code, stdout, stderr } = await runCommand(given, NOWHERE, folder);
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

test('of a folder, the files that the workflow accepts are submitted, and the others are listed', async () => {
  for (const [queue, taken, skipped] of [
    ['caliban', ['a b.tif', 'm.trk', 'm.zip'], ['broken.png', 'notes.txt']],
    ['segmentation', ['a b.tif', 'broken.png', 'm.zip'], ['m.trk', 'notes.txt']],
    ['of-python', ['a b.tif', 'broken.png', 'm.zip'], ['m.trk', 'notes.txt']],
  ] as const) {
    const said = await run(['-q', queue, '--dry-run'], '.');
    const [table = ''] = said.split('\n\n');
    const names = table
      .split('\n')
      .slice(2)
      .map((row) => row.split(/ {2,}/)[0]);
    assert.deepEqual(names, taken, said);
    const line = `\nSkipped, not for this queue by their names: ${skipped.join(', ')}.\n`;
    assert.ok(said.includes(line), said);
  }
  assert.match(
    await run(['-q', 'caliban', '--dry-run'], '.'),
    /m\.trk +caliban +m +movie with labels/,
  );
  assert.match(await run(['-q', 'caliban', '--dry-run'], '.'), /m\.zip +caliban-zip +m-2 +archive/);
});
