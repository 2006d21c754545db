import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { copySoundMember, openSoundResult } from '../../../src/stages/archive/open-sound-result.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';
import { type BuiltMember, buildZip } from '../../harness/images/zip-builder.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

const never = new AbortController().signal;
let store: TemporaryBucket;
beforeEach(async () => {
  store = await TemporaryBucket.open();
});
afterEach(() => store.remove());

async function opened(bytes: Uint8Array, unwanted = never) {
  await store.put('output/r.zip', bytes);
  return openSoundResult('output/r.zip', stageContext({ bucket: store.bucket }).context, unwanted);
}

const data = Buffer.alloc(300_000, 'pixels of a cell ');
const first: BuiltMember = { name: 'a_0.tif', data: Buffer.from('a') };

test('the files of a sound result are listed without folders, and copied packed', async () => {
  const { source, members } = await opened(
    buildZip([
      { name: 'd/', method: 0 },
      { name: 'e', method: 0, mode: 0o040755 },
      { name: 'd/a_0.tif', data, mode: 0o100644 },
      { name: 'a_1.tif', data, method: 0 },
    ]),
  );
  const names = members.map(({ name }) => name);
  assert.deepEqual(names, ['d/a_0.tif', 'a_1.tif']);
  const [deflated, stored] = await Promise.all(
    members.map((member) => buffer(copySoundMember(source, member))),
  );
  assert.ok(deflated !== undefined && stored !== undefined);
  assert.deepEqual([inflateRawSync(deflated), stored], [data, data]);
});

for (const [what, last, code] of [
  ['a wrong checksum', { data, claims: { crc32: 1 } }, 'corrupt_archive'],
  ['fewer bytes than it claims', { data, claims: { size: 300_001 } }, 'corrupt_archive'],
  ['data that end too early', { data, claims: { compressedSize: 100 } }, 'corrupt_archive'],
  ['an unknown compression', { data, method: 93 }, 'unsupported_file'],
  ['a password', { data, flags: 1 }, 'unsupported_file'],
] as const) {
  test(`a result whose last file has ${what} is none`, async () => {
    const bytes = buildZip([first, { name: 'b.tif', ...last }]);
    await assert.rejects(opened(bytes), { code, message: /"b\.tif" is/ });
  });
}

test('a result that nobody wants any more is not read to its end', async () => {
  const gone = AbortSignal.abort(new Error('Nobody wants it.'));
  await assert.rejects(opened(buildZip([first]), gone), { message: 'Nobody wants it.' });
});

test('a result that is overwritten while it is copied is worth another try', async () => {
  // Larger than the blocks that are kept.
  const large = Buffer.alloc(9 * 2 ** 20, 1);
  const { source, members } = await opened(buildZip([{ name: 'a.tif', data: large, method: 0 }]));
  const [member] = members;
  assert.ok(member);
  await store.put('output/r.zip', buildZip([first]));
  await assert.rejects(buffer(copySoundMember(source, member)), {
    code: 'bucket_corrupt_transfer',
    message: /^A result changed while it was copied: /,
  });
});
