import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import { packEntry, zipArchive } from '../../src/formats/zip.ts';
import { upload } from '../../src/stages/upload.ts';
import { unzip } from '../harness/processes/consumer-process.ts';
import { stageContext } from '../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../harness/bucket/temporary-bucket.ts';

let store: TemporaryBucket;
beforeEach(async () => {
  store = await TemporaryBucket.open();
});
afterEach(() => store.remove());

const KEY = 'output/0123456789abcdef0123456789abcdef.zip';

function archiveOf(text: string) {
  const entries = [packEntry('a.tif', Buffer.from(text))];
  return Object.assign(zipArchive(entries), { entries });
}

test('the result lies under the name that the job keeps, whatever the user calls the image', async () => {
  const job = { originalName: 'plate/../b c.tif' };
  const { context, moved } = stageContext({ bucket: store.bucket, job });
  const { output } = await upload.run({ archive: archiveOf('labels') }, context);
  assert.deepEqual(output, { url: store.bucket.publicUrl(KEY), fileName: KEY });
  assert.deepEqual(store.uploads, [[KEY, 'application/zip']]);
  const stored = await store.read(KEY);
  assert.equal(Buffer.from((await unzip(stored)).get('a.tif') ?? []).toString(), 'labels');
  assert.deepEqual(moved, { in: 0, out: stored.length });
});

test('a job that runs twice overwrites its own result', async () => {
  const { context } = stageContext({ bucket: store.bucket });
  await upload.run({ archive: archiveOf('first') }, context);
  await upload.run({ archive: archiveOf('second') }, context);
  assert.deepEqual(await store.keys(), [KEY]);
  const entries = await unzip(await store.read(KEY));
  assert.equal(Buffer.from(entries.get('a.tif') ?? []).toString(), 'second');
});

test('it needs as much as is in flight, at most what a bucket holds of an upload', () => {
  const { context } = stageContext();
  const footprint = (bytes: number): number | undefined => {
    const packed = new Uint8Array(new SharedArrayBuffer(bytes));
    const entries = [{ name: 'a', crc32: 0, size: bytes, packed }];
    const archive = Object.assign(zipArchive(entries), { entries });
    return upload.footprint?.({ archive }, context);
  };
  const most = 16 * 2 ** 20;
  assert.deepEqual([1000, most, most + 1].map(footprint), [1000, most, most]);
  assert.deepEqual(upload.frees, ['archive']);
});

test('an upload that the job has given up ends with the reason of the job', async () => {
  const reason = new KnownError('claim_lost', 'Taken by another.');
  const { context } = stageContext({ bucket: store.bucket, signal: AbortSignal.abort(reason) });
  await assert.rejects(upload.run({ archive: archiveOf('x') }, context), { code: 'claim_lost' });
  assert.deepEqual(await store.keys(), []);
});

test('a bucket that is away is worth another try, on the breaker of all who write', () => {
  assert.deepEqual([upload.retry, upload.remote], ['unavailable', 'bucket_write']);
});
