import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fromBufferPromise } from 'yauzl';
import { asArchive } from '../../src/commands/submit/as-archive.ts';
import { findFiles } from '../../src/commands/submit/find-files.ts';

/** A folder with files, each of which holds its own name. */
async function makeFolder(context: TestContext, ...names: string[]): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'kiosk archive '));
  context.after(() => rm(home, { recursive: true }));
  const folder = join(home, 'day 1');
  await mkdir(join(folder, 'deep', 'er'), { recursive: true });
  for (const name of names) await writeFile(join(folder, name), name);
  return folder;
}

async function entriesOf(bytes: Buffer): Promise<string[][]> {
  const zip = await fromBufferPromise(bytes);
  const entries: string[][] = [];
  for await (const entry of zip.eachEntry()) {
    const content = await buffer(await zip.openReadStreamPromise(entry));
    entries.push([entry.fileName, content.toString()]);
  }
  return entries;
}

test('a folder becomes an archive of its images in their order, the same each time it is read', async (context) => {
  const folder = await makeFolder(
    context,
    'b.tif',
    'a, ü.PNG',
    'deep/er/b.tif',
    'notes.txt',
    '._b.tif',
  );
  const said: string[] = [];
  const file = asArchive(await findFiles([folder]), [folder], (line) => said.push(line));
  assert.deepEqual([file.path, file.folder, said], ['day 1.zip', 'day 1', []]);
  const bytes = await buffer(file.read());
  const names = ['a, ü.PNG', 'b.tif', 'deep/er/b.tif'];
  assert.deepEqual(
    await entriesOf(bytes),
    names.map((name) => [name, name]),
  );
  assert.deepEqual(await buffer(file.read()), bytes);
});

test('files that would go by the same name are all kept, and it is said what they are called', async (context) => {
  const names = ['A: 1.tif', 'B: 1.tif', 'A_ 1.tif', 'C:D:1.tif', String.raw`x\y.tif`];
  const folder = await makeFolder(context, ...names);
  const paths = names.map((name) => join(folder, name));
  const said: string[] = [];
  const file = asArchive(await findFiles(paths), paths, (line) => said.push(line));
  assert.equal(file.path, 'images.zip');
  assert.deepEqual(await entriesOf(await buffer(file.read())), [
    ['A_ 1.tif', 'A: 1.tif'],
    ['B_ 1.tif', 'B: 1.tif'],
    ['2_A_ 1.tif', 'A_ 1.tif'],
    ['C_D_1.tif', 'C:D:1.tif'],
    ['x_y.tif', String.raw`x\y.tif`],
  ]);
  assert.equal(said.length, 5);
  assert.equal(said[0], `"${paths[0]}" is called "A_ 1.tif" in the archive.`);
});

test('what a zip job would pass over without a word is refused', async (context) => {
  const folder = await makeFolder(context, 'a.tif', 'many.zip');
  const paths = [join(folder, 'a.tif'), join(folder, 'many.zip')];
  const found = await findFiles(paths);
  assert.throws(() => asArchive(found, paths, () => undefined), {
    code: 'bad_usage',
    message: /many\.zip" is no image; --as-zip packs images only\.$/,
  });
});

test('a file that vanishes before it is read ends the archive with an error', async (context) => {
  const folder = await makeFolder(context, 'a.tif', 'b.tif');
  const file = asArchive(await findFiles([folder]), [folder], () => undefined);
  await rm(join(folder, 'b.tif'));
  await assert.rejects(buffer(file.read()), {
    code: 'bad_usage',
    message: /^The archive cannot be created: ENOENT.*b\.tif/,
  });
});
