import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { bytesAsSource } from '../../../src/formats/archive/byte-source.ts';
import { readZipDirectory } from '../../../src/formats/archive/zip-directory.ts';
import { KnownError } from '../../../src/errors.ts';
import { buildZip } from '../../harness/images/zip-builder.ts';

const LIMITS = { maxEntries: 1000 };

function fixture(name: string): Promise<Buffer> {
  return readFile(new URL(`fixtures/${name}.zip`, import.meta.url));
}

async function namesIn(bytes: Uint8Array): Promise<string[]> {
  const members = await readZipDirectory(bytesAsSource(bytes), LIMITS);
  return members.map(({ name }) => name);
}

const FILES = ['a.tif', 'folder/b.tif', 'folder/with, comma: colon.tif', 'empty.tif'];

for (const [name, method] of [
  ['stored', 0],
  ['deflated', 8],
  ['descriptors', 8],
  ['zip64', 8],
] as const) {
  test(`a ${name} archive of Python lists its members in their order, with sizes and method`, async () => {
    const members = await readZipDirectory(bytesAsSource(await fixture(name)), LIMITS);
    assert.deepEqual(
      members.map((member) => [member.name, member.size, member.method]),
      [2048, 5000, 10, 0].map((size, at) => [FILES[at], size, method]),
    );
  });
}

test('names in UTF-8, in code page 437, and in UTF-8 that is not marked as such are decoded', async () => {
  assert.deepEqual(await namesIn(await fixture('utf8')), ['日本/Präparat №3.tif']);
  assert.deepEqual(await namesIn(await fixture('cp437')), ['Präparat.tif']);
  assert.deepEqual(await namesIn(await fixture('macos')), ['Pra\u0308parat.tif']);
});

test('control characters of a name are kept, as Python keeps them, whatever else is in it', async () => {
  const plain = (await fixture('stored')).toString('latin1').replaceAll('a.tif', '\n.tif');
  assert.equal((await namesIn(Buffer.from(plain, 'latin1')))[0], '\n.tif');
  const spread = (await fixture('cp437')).toString('latin1').replaceAll('par', 'p\tr');
  assert.deepEqual(await namesIn(Buffer.from(spread, 'latin1')), ['Präp\trat.tif']);
});

test('folders, links and encrypted members of Info-ZIP are distinguished from files', async () => {
  const members = await readZipDirectory(bytesAsSource(await fixture('link')), LIMITS);
  assert.deepEqual(
    members.map(({ name, fileType }) => [name, fileType.toString(8)]),
    [
      ['d/', '40000'],
      ['d/link.tif', '120000'],
      ['d/a.tif', '100000'],
    ],
  );
  const secret = await readZipDirectory(bytesAsSource(await fixture('encrypted')), LIMITS);
  assert.deepEqual(
    secret.map(({ isEncrypted }) => isEncrypted),
    [false, true, true],
  );
});

test('an archive without members, with a comment, and with a backslash in a name is read', async () => {
  assert.deepEqual(await namesIn(await fixture('empty')), []);
  const archive = buildZip([{ name: 'folder\\a.tif' }], { comment: 'Made by a test.' });
  assert.deepEqual(await namesIn(archive), ['folder\\a.tif']);
});

for (const [what, comment] of [
  ['begins as an end record does', 'PK\u0005\u0006'],
  ['holds the beginning of an end record', 'a PK\u0005\u0006 b'],
  ['holds an end record and more', `PK\u0005\u0006${'\0'.repeat(18)}more`],
  ['is as long as can be, and full of them', 'PK\u0005\u0006'.repeat(16_383)],
] as const) {
  test(`an archive whose comment ${what} is read`, async () => {
    const archive = buildZip([{ name: 'a.tif' }, { name: 'b.tif' }], { comment });
    assert.deepEqual(await namesIn(archive), ['a.tif', 'b.tif']);
  });
}

const text = Buffer.from('This is not an archive at all, but a text.');
for (const [what, bytes, message] of [
  ['an empty file', Buffer.alloc(0), 'The archive is empty: 0 bytes.'],
  ['a text', text, 'The file is not a zip archive, or it was cut off.'],
  [
    'an archive that was cut off',
    buildZip([{ name: 'a.tif', data: text }]).subarray(0, 60),
    'The file is not a zip archive, or it was cut off.',
  ],
  [
    'a directory with fewer members than it says',
    buildZip([{ name: 'a.tif' }], { count: 3 }),
    'The zip archive is damaged: it ends too early.',
  ],
  [
    'a directory with more members than it says',
    buildZip([{ name: 'a.tif' }, { name: 'b.tif' }], { count: 1 }),
    'The zip archive is damaged: its directory has more members than it says.',
  ],
] as const) {
  test(`${what} is a corrupt archive`, async () => {
    await assert.rejects(readZipDirectory(bytesAsSource(bytes), LIMITS), {
      code: 'corrupt_archive',
      message,
    });
  });
}

test('more members than allowed are refused before they are read', async () => {
  const archive = buildZip([{ name: 'a.tif' }], { count: 1001 });
  await assert.rejects(readZipDirectory(bytesAsSource(archive), LIMITS), {
    code: 'archive_too_large',
    message: 'The archive has 1001 members; at most 1000 are allowed (MAX_ARCHIVE_ENTRIES).',
  });
});

test('an error of the source keeps its meaning', async () => {
  const error = new KnownError('bucket_unavailable', 'The bucket cannot be reached.');
  const source = { size: 1000, read: () => Promise.reject(error) };
  await assert.rejects(readZipDirectory(source, LIMITS), { code: 'bucket_unavailable' });
});
