import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { BYTES_PER_MEMBER, openArchive } from '../../../src/stages/archive/open-archive.ts';
import { SOURCE_BYTES } from '../../../src/stages/archive/object-source.ts';
import { endedChildren } from '../../harness/ended-children.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';
import { buildZip } from '../../harness/images/zip-builder.ts';

const limits = { maxEntries: 3, maxBytes: 1000, maxRatio: 100 };
const job = { inputFileName: 'uploads/a.zip' };
let store: TemporaryBucket;
beforeEach(async () => {
  store = await TemporaryBucket.open();
});
afterEach(() => store.remove());

const built = (name: string) => ({ name, data: Buffer.from(name) });

async function open(...names: readonly string[]) {
  await store.put('uploads/a.zip', buildZip(names.map(built)));
  const { context } = stageContext({ bucket: store.bucket, job });
  const { opened } = await openArchive(limits).run({}, context);
  return opened.members.map(({ member, problem }) => [member.name, problem?.code]);
}

test('files with an ending are members, in the order of the archive; what systems add is not', async () => {
  assert.deepEqual(await open('b/2.tif', 'a.png', '__MACOSX/a.png'), [
    ['b/2.tif', undefined],
    ['a.png', undefined],
  ]);
});

test('as many members as the setting says, and one more', async () => {
  assert.equal((await open('1.tif', '2.tif', '3.tif')).length, 3);
  await assert.rejects(open('1.tif', '2.tif', '3.tif', '4.tif'), {
    code: 'archive_too_large',
    message: /MAX_ARCHIVE_ENTRIES/,
  });
});

test('a file that is no archive, and one that is not there, are refused in words', async () => {
  const { context } = stageContext({ bucket: store.bucket, job });
  const run = () => openArchive(limits).run({}, context);
  await assert.rejects(run(), { code: 'missing_object' });
  await store.put('uploads/a.zip', Buffer.from('no archive at all'));
  await assert.rejects(run(), { code: 'corrupt_archive' });
});

test('memory is reserved for each member before the directory is read', async () => {
  const reserved: number[] = [];
  const reserve = async (bytes: number) => {
    reserved.push(bytes);
    return () => {};
  };
  await store.put('uploads/a.zip', buildZip([built('1.tif'), built('2.tif')]));
  const { context } = stageContext({ bucket: store.bucket, job, reserve });
  const stage = openArchive(limits);
  await stage.run({}, context);
  assert.deepEqual(reserved, [2 * BYTES_PER_MEMBER]);
  assert.equal(stage.footprint?.({}, context), SOURCE_BYTES);
});

test('the version of the archive is told, which the bucket gives with each part of it', async () => {
  const versions: string[] = [];
  const family = {
    ...endedChildren([]),
    madeFrom: (version: string) => void versions.push(version),
  };
  await store.put('uploads/a.zip', buildZip([built('1.tif')]));
  const { context } = stageContext({ bucket: store.bucket, job, family });
  await openArchive(limits).run({}, context);
  const { version } = await store.bucket.open('uploads/a.zip', context.signal);
  assert.deepEqual(versions, [version]);
});
