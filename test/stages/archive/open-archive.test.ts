import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { openArchive } from '../../../src/stages/archive/open-archive.ts';
import { SOURCE_BYTES } from '../../../src/stages/archive/object-source.ts';
import { stageContext } from '../../harness/stage-context.ts';
import { TemporaryBucket } from '../../harness/temporary-bucket.ts';
import { buildZip } from '../../harness/zip-builder.ts';

const limits = { maxEntries: 3, maxBytes: 1000, maxRatio: 100 };
const job = { inputFileName: 'uploads/a.zip' };
let store: TemporaryBucket;
beforeEach(async () => {
  store = await TemporaryBucket.open();
});
afterEach(() => store.remove());

async function open(...names: readonly string[]) {
  await store.put(
    'uploads/a.zip',
    buildZip(names.map((name) => ({ name, data: Buffer.from(name) }))),
  );
  const { context } = stageContext({ bucket: store.bucket, job });
  const { opened } = await openArchive(limits, 4).run({}, context);
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
  const run = () => openArchive(limits, 4).run({}, context);
  await assert.rejects(run(), { code: 'missing_object' });
  await store.put('uploads/a.zip', Buffer.from('no archive at all'));
  await assert.rejects(run(), { code: 'corrupt_archive' });
});

test('memory is reserved for what is kept of the archive and for each upload', () => {
  const { context } = stageContext();
  const need = (uploads: number) => openArchive(limits, uploads).footprint?.({}, context) ?? 0;
  assert.ok(need(1) > SOURCE_BYTES);
  assert.equal(need(4) - need(3), need(3) - need(2));
  assert.ok(need(4) > need(3));
});
