import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import type { ChildSpec } from '../../../src/flow/family.ts';
import type { StageContext } from '../../../src/flow/stage.ts';
import { BYTES_PER_MEMBER, openArchive } from '../../../src/stages/archive/open-archive.ts';
import { splitArchive } from '../../../src/stages/archive/split-archive.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';
import { type BuiltMember, buildZip } from '../../harness/images/zip-builder.ts';

const ID = '0123456789abcdef0123456789abcdef';
const limits = { maxEntries: 100, maxBytes: 2 ** 20, maxRatio: 100 };
const NO_MEMBER = {
  name: 'a',
  rawName: new Uint8Array(),
  size: 0,
  compressedSize: 0,
  method: 0,
  crc32: 0,
  offset: 0,
  isEncrypted: false,
  fileType: 0,
};
let store: TemporaryBucket;
beforeEach(async () => {
  store = await TemporaryBucket.open();
});
afterEach(() => store.remove());

async function split(
  members: readonly BuiltMember[],
  given: Partial<Omit<StageContext, 'job'>> = {},
): Promise<ChildSpec[]> {
  await store.put('uploads/a.zip', buildZip(members));
  const fields = { channels: '0,', scale: '2', status: 'started', claim_token: '4', url: 'u' };
  const job = { inputFileName: 'uploads/a.zip', originalName: 'a.zip', fields };
  const { context } = stageContext({ bucket: store.bucket, job, ...given });
  const { opened } = await openArchive(limits).run({}, context);
  const { children } = await splitArchive({ queue: 'image', uploads: 2 }).run({ opened }, context);
  const specs: ChildSpec[] = [];
  for await (const child of children) specs.push(child);
  return specs;
}

const member = (name: string): BuiltMember => ({ name, data: Buffer.from(`pixels of ${name}`) });

test('each member becomes an object and a child with what the user asked for, in the order of the archive', async () => {
  const children = await split([member('b/2.png'), member('1.tif'), member('3.xyz')]);
  assert.deepEqual(
    children.map(({ queue, name, failure }) => [queue, name, failure]),
    [
      ['image', 'b/2.png', undefined],
      ['image', '1.tif', undefined],
      ['image', '3.xyz', undefined],
    ],
  );
  assert.deepEqual(children[0]?.fields, {
    channels: '0,',
    scale: '2',
    url: 'u',
    input_file_name: `output/${ID}/b/2.png`,
    original_name: 'b/2.png',
  });
  assert.equal(String(await store.read(`output/${ID}/b/2.png`)), 'pixels of b/2.png');
  assert.deepEqual(
    new Map(store.uploads),
    new Map([
      [`output/${ID}/1.tif`, 'image/tiff'],
      [`output/${ID}/3.xyz`, 'application/octet-stream'],
      [`output/${ID}/b/2.png`, 'image/png'],
    ]),
  );
});

test('a member that is damaged is a child that has failed; the others go on', async () => {
  const damaged = { ...member('bad.tif'), claims: { crc32: 1 } };
  const children = await split([damaged, member('good.tif')]);
  assert.deepEqual(
    children.map(({ name, failure, fields }) => [name, failure?.code, fields['input_file_name']]),
    [
      ['bad.tif', 'corrupt_archive', undefined],
      ['good.tif', undefined, `output/${ID}/good.tif`],
    ],
  );
});

test('a member whose name no object may have is copied all the same, and the user sees its name', async () => {
  const names = [
    './a.tif',
    'd/./b.tif',
    'd//c.tif',
    'd\\.\\e.tif',
    'line\nbreak.png',
    `${'f'.repeat(300)}.tif`,
    `${'deep/'.repeat(250)}g.tif`,
    'h.tif',
    'h.tif/i.tif',
    ' j .tif',
  ];
  const children = await split(names.map(member));
  const expected: readonly (readonly [key: string, name: string])[] = [
    ['/a.tif', 'a.tif'],
    ['/d/b.tif', 'd/b.tif'],
    ['/d/c.tif', 'd/c.tif'],
    ['-3.tif', 'd\\.\\e.tif'],
    ['-4.png', 'line\nbreak.png'],
    ['-5.tif', names[5] ?? ''],
    ['-6.tif', names[6] ?? ''],
    ['-7.tif', 'h.tif'],
    ['/h.tif/i.tif', 'h.tif/i.tif'],
    ['/ j .tif', ' j .tif'],
  ];
  assert.deepEqual(
    children.map(({ fields, failure }) => [
      fields['input_file_name'],
      fields['original_name'],
      failure,
    ]),
    expected.map(([key, name]) => [`output/${ID}${key}`, name, undefined]),
  );
  for (const [place, [key]] of expected.entries()) {
    assert.equal(String(await store.read(`output/${ID}${key}`)), `pixels of ${names[place]}`);
  }
});

test('a bucket that is away fails the split, not the children', async () => {
  const persist: StageContext['persist'] = async (remote, attempt) => {
    if (remote === 'bucket_write') throw new KnownError('bucket_unavailable', 'Away.');
    return attempt();
  };
  await assert.rejects(split([member('a.tif')], { persist }), { code: 'bucket_unavailable' });
});

test('an archive without images is refused', async () => {
  await assert.rejects(split([]), { code: 'unsupported_file', message: /has no images/ });
});

test('what uploads and the directory take is told to the stage that makes the children', async () => {
  const { context } = stageContext({ bucket: store.bucket });
  const need = async (members: number, uploads: number): Promise<number> => {
    const chosen = Array.from({ length: members }, () => ({ member: NO_MEMBER }));
    const opened = { source: { size: 0, read: async () => new Uint8Array() }, members: chosen };
    const { footprint = 0 } = await splitArchive({ queue: 'image', uploads }).run(
      { opened },
      context,
    );
    return footprint;
  };
  assert.equal((await need(3, 1)) - (await need(2, 1)), BYTES_PER_MEMBER);
  assert.equal((await need(2, 4)) - (await need(2, 3)), (await need(2, 3)) - (await need(2, 2)));
  assert.ok((await need(2, 4)) > (await need(2, 3)));
});

test('an archive that is replaced while it is split fails the job, not its other members', async () => {
  const large = ['1.tif', '2.tif', '3.tif'].map((name) => ({
    name,
    data: randomBytes(3 * 2 ** 20),
  }));
  await store.put('uploads/a.zip', buildZip(large));
  const { context } = stageContext({
    bucket: store.bucket,
    job: { inputFileName: 'uploads/a.zip' },
  });
  const most = { maxEntries: 3, maxBytes: 2 ** 24, maxRatio: 100 };
  const { opened } = await openArchive(most).run({}, context);
  const { children } = await splitArchive({ queue: 'image', uploads: 1 }).run({ opened }, context);
  const splitOn = async (): Promise<void> => {
    for await (const { failure } of children) {
      assert.equal(failure, undefined);
      await store.put('uploads/a.zip', buildZip([member('other.tif')]));
    }
  };
  await assert.rejects(splitOn(), { code: 'input_changed' });
});
