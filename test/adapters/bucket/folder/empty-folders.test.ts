import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  removeEmptyFolders,
  whileFoldersGo,
} from '../../../../src/adapters/bucket/folder/empty-folders.ts';
import { FolderBucket } from '../../../../src/adapters/bucket/folder/folder-bucket.ts';

const { signal } = new AbortController();
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kiosk-folders-'));
});
afterEach(() => rm(root, { recursive: true }));

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('x');
}

test('empty folders go, up to the one right below the root and to the first that holds something', async () => {
  await mkdir(join(root, 'output/one/two/three'), { recursive: true });
  await removeEmptyFolders(join(root, 'output/one/two/three'), root);
  assert.deepEqual(await readdir(root, { recursive: true }), ['output']);
  await mkdir(join(root, 'output/one/two'), { recursive: true });
  await writeFile(join(root, 'output/one/a'), 'x');
  await removeEmptyFolders(join(root, 'output/one/two'), root);
  assert.deepEqual(await readdir(join(root, 'output/one')), ['a']);
});

test('the last object that a bucket removes takes its folder along', async () => {
  const bucket = new FolderBucket(pathToFileURL(root).href);
  for (const key of ['output/id/a.tif', 'output/id/b/c.tif', 'output/d.zip'])
    await bucket.upload(key, bytes(), { contentType: '', signal });
  await bucket.remove('output/id/a.tif', signal);
  assert.deepEqual(await readdir(join(root, 'output/id')), ['b']);
  await bucket.remove('output/id/b/c.tif', signal);
  assert.deepEqual(await readdir(join(root, 'output')), ['d.zip']);
  await bucket.remove('output/d.zip', signal);
  assert.deepEqual(await readdir(join(root, 'output')), []);
});

test('an upload is not lost when another removes the folder that it has just made', async () => {
  const bucket = new FolderBucket(pathToFileURL(root).href);
  const twice = Array.from({ length: 40 }, async (_, at) => {
    const key = `output/id/deep/${at}.tif`;
    await bucket.upload(key, bytes(), { contentType: '', signal });
    await bucket.remove(key, signal);
  });
  await Promise.all(twice);
  assert.deepEqual(await readdir(join(root, 'output')), []);
});

test('a folder that goes is made again, but not for ever', async () => {
  let attempts = 0;
  const gone = Object.assign(new Error('gone'), { code: 'ENOENT' });
  const made = await whileFoldersGo(async () => {
    if (++attempts < 3) throw gone;
    return attempts;
  });
  assert.equal(made, 3);
  await assert.rejects(
    whileFoldersGo(() => Promise.reject(gone)),
    gone,
  );
  const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
  let once = 0;
  await assert.rejects(
    whileFoldersGo(() => Promise.reject(++once === 1 ? full : gone)),
    full,
  );
});
