import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, test } from 'node:test';
import { FolderBucket } from '../../../../src/adapters/bucket/folder/folder-bucket.ts';
import { never, options, pieces, read } from '../bodies.ts';

const bytes = Buffer.from('bytes');
let directory: string;
let folder: string;
let outside: string;
let bucket: FolderBucket;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kiosk-folder-'));
  folder = join(directory, 'a Bucket');
  outside = join(directory, 'a Bucket beside');
  await mkdir(folder);
  await mkdir(outside);
  await writeFile(join(outside, 'secret'), 'secret');
  bucket = new FolderBucket(pathToFileURL(folder).href);
});
afterEach(() => rm(directory, { recursive: true }));

test('the public URL of an object is that of its file', async () => {
  const url = await bucket.upload('output/a b.zip', pieces(bytes), options);
  assert.equal(url, pathToFileURL(join(folder, 'output', 'a b.zip')).href);
  assert.equal((await readFile(new URL(url))).toString(), 'bytes');
});

test('folders are made as needed, the bucket itself among them', async () => {
  await rm(folder, { recursive: true });
  await assert.rejects(bucket.open('output/a.zip', never), { code: 'missing_object' });
  await bucket.remove('output/a.zip', never);
  await bucket.upload('output/deep/er/a.zip', pieces(bytes), options);
  assert.equal((await read(bucket, 'output/deep/er/a.zip')).toString(), 'bytes');
});

test('a bucket whose folder cannot be created is reported at once as a wrong setting', async () => {
  const file = join(outside, 'secret');
  for (const path of ['/proc/nope', '/proc/nope/deeper', join(file, 'below'), file]) {
    const { href } = pathToFileURL(path);
    await assert.rejects(new FolderBucket(href).upload('output/a.zip', pieces(bytes), options), {
      code: 'bucket_misconfigured',
      message: /^The folder file:\S+ \(STORAGE_BUCKET\) cannot be created: /,
    });
  }
});

test('nothing is left of an upload that fails, and what was there stays', async () => {
  await bucket.upload('output/a.zip', pieces(bytes), options);
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(100_000);
    throw new Error('no more');
  };
  await assert.rejects(bucket.upload('output/a.zip', failing(), options), { code: 'internal' });
  assert.deepEqual(await readdir(join(folder, 'output')), ['a.zip']);
  assert.equal((await read(bucket, 'output/a.zip')).toString(), 'bytes');
});

test('a link to a file outside is not followed, and an upload replaces it', async () => {
  const refusal = { code: 'forbidden_object', message: '"link" lies outside of the bucket.' };
  await symlink(join(outside, 'secret'), join(folder, 'link'));
  await assert.rejects(bucket.open('link', never), refusal);
  await bucket.upload('link', pieces(bytes), options);
  assert.equal((await readFile(join(outside, 'secret'))).toString(), 'secret');
  assert.equal((await read(bucket, 'link')).toString(), 'bytes');
});

test('a link to a folder outside is not followed, and nothing is made there', async () => {
  const refusal = { code: 'forbidden_object' };
  await symlink(outside, join(folder, 'linked'));
  await assert.rejects(bucket.open('linked/secret', never), refusal);
  await assert.rejects(bucket.upload('linked/deep/new', pieces(bytes), options), refusal);
  await assert.rejects(bucket.remove('linked/secret', never), refusal);
  assert.deepEqual(await readdir(outside), ['secret']);
});

test('a link within the bucket is followed', async () => {
  await mkdir(join(folder, 'real'));
  await symlink(join(folder, 'real'), join(folder, 'linked'));
  await bucket.upload('linked/a', pieces(bytes), options);
  assert.equal((await read(bucket, 'real/a')).toString(), 'bytes');
});

test('a named pipe is no object, and nobody waits for it', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await assert.rejects(bucket.open('pipe', never), { code: 'missing_object' });
});

test('a folder is neither replaced nor removed as if it were an object', async () => {
  await mkdir(join(folder, 'output'));
  const refusal = { code: 'forbidden_object' };
  await assert.rejects(bucket.upload('output', pieces(bytes), options), refusal);
  await assert.rejects(bucket.remove('output', never), refusal);
});

test('a name that the file system does not take is refused', async () => {
  const upload = bucket.upload('x'.repeat(300), pieces(bytes), options);
  await assert.rejects(upload, { code: 'forbidden_object' });
});

test('URLs of files outside are not in the bucket', () => {
  for (const path of [join(outside, 'secret'), folder, directory]) {
    assert.throws(() => bucket.keyOf(pathToFileURL(path).href), { code: 'forbidden_object' });
  }
  assert.throws(() => bucket.keyOf('file://elsewhere/a'), { code: 'forbidden_object' });
});
