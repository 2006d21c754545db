import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { WriteStream } from 'node:tty';
import { openDisplay } from '../../src/commands/submit/follow/display.ts';
import { findFiles, freeFolder, withFolders } from '../../src/commands/submit/find-files.ts';
import { unpack } from '../../src/commands/submit/unpack.ts';
import { packEntry, zipArchive } from '../../src/formats/zip.ts';

async function makeFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-parts-'));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}

test('an archive whose entry leads out of the folder is refused, and nothing is written there', async (context) => {
  const folder = await makeFolder(context);
  const zip = await buffer(zipArchive([packEntry('xx/out.tif', new Uint8Array(9))])());
  // The same length, so that no other byte of the archive changes.
  const evil = Buffer.from(zip.toString('latin1').replaceAll('xx/out', '../out'), 'latin1');
  await writeFile(join(folder, 'evil.zip'), evil);
  await mkdir(join(folder, 'inside'));
  await assert.rejects(unpack(join(folder, 'evil.zip'), join(folder, 'inside')), {
    code: 'corrupt_archive',
  });
  assert.deepEqual((await readdir(folder)).toSorted(), ['evil.zip', 'inside']);
});

test('a result that is no archive is told', async (context) => {
  const folder = await makeFolder(context);
  await writeFile(join(folder, 'broken.zip'), 'PK, but no more');
  await assert.rejects(unpack(join(folder, 'broken.zip'), folder), {
    code: 'corrupt_archive',
    message: /^The result cannot be unpacked: /,
  });
});

test('no two files share a folder for their results, on systems that ignore case too', async (context) => {
  const folder = await makeFolder(context);
  await mkdir(join(folder, 'one'));
  const names = ['cells.tif', 'cells.png', 'Cells.jpg', '._cells.tif', 'one/cells.tif'];
  for (const name of names) await writeFile(join(folder, name), '');
  const files = withFolders(await findFiles([folder, join(folder, 'cells.tif')]));
  assert.deepEqual(
    files.map((file) => [file.path.slice(folder.length + 1), file.folder]),
    [
      ['Cells.jpg', 'Cells'],
      ['cells.png', 'cells-2'],
      ['cells.tif', 'cells-3'],
      ['one/cells.tif', 'one/cells'],
      ['cells.tif', 'cells-4'],
    ],
  );
});

test('a name of dots leads to no folder above, nor to the folder of all results', () => {
  const names = ['...tif', '..tif', 'one/...tif', 'one/..tif'];
  const files = withFolders(names.map((name) => ({ path: name, name })));
  assert.deepEqual(
    files.map(({ folder }) => folder),
    names,
  );
  const taken = new Set<string>();
  // As jobs of other people may be called.
  const folders = ['..', '.', '', 'one/..'].map((stem) => freeFolder(stem, taken));
  assert.deepEqual(folders, ['unnamed', 'unnamed-2', 'unnamed-3', 'one/unnamed']);
});

test('on a terminal a bar fills, and a line that stays does not tear it', () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  // The display uses no more of a terminal than these.
  const display = openDisplay(terminal as unknown as WriteStream);
  display.show({ uploading: 0, waiting: 2, done: 3, failed: 1 });
  display.say('Redis is away.');
  display.close();
  const bar = `\r\u001b[2K${'█'.repeat(20)}${'░'.repeat(10)} 3 done, 1 failed, 2 waiting`;
  const said = String(terminal.read());
  assert.equal(said, `${bar}\r\u001b[2KRedis is away.\n${bar}\n`);
});

test('elsewhere the last counts are a line in any case', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: false });
  const display = openDisplay(stream as unknown as WriteStream);
  for (const done of [1, 2, 3]) display.show({ uploading: 0, waiting: 3 - done, done, failed: 0 });
  display.close();
  display.close();
  const lines = String(stream.read()).split('\n');
  assert.deepEqual(lines.slice(-2), ['3 done, 0 failed, 0 waiting', '']);
  assert.ok(lines.length <= 4, lines.join('\n'));
});
