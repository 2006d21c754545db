import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { bytesAsSource } from '../../../src/formats/archive/byte-source.ts';
import { chooseMembers } from '../../../src/formats/archive/choose-members.ts';
import { type ZipMember, readZipDirectory } from '../../../src/formats/archive/zip-directory.ts';
import { type BuiltMember, buildZip } from '../../harness/images/zip-builder.ts';

const LIMITS = { maxEntries: 1000, maxBytes: 2 ** 30, maxFileBytes: 2 ** 29, maxRatio: 100 };
const data = Buffer.alloc(1000, 'data');

function directory(bytes: Uint8Array): Promise<ZipMember[]> {
  return readZipDirectory(bytesAsSource(bytes), LIMITS);
}

async function chosen(members: readonly BuiltMember[], limits = LIMITS) {
  return chooseMembers(await directory(buildZip(members)), limits);
}

test('files with an extension are chosen in their order; folders, __MACOSX and hidden ones are not', async () => {
  const names = [
    'folder/',
    'folder/b.tif',
    'a.PNG',
    'README',
    '.DS_Store',
    'folder/.hidden',
    '...tif',
    'folder/..tif',
    '__MACOSX/._a.tif',
    'x__MACOSX/a.tif',
    'folder/._b.tif',
    'with, comma: colon & space é.tif',
    'folder.tif/',
    'windows\\c.tif',
  ];
  const members = await chosen(names.map((name) => ({ name, data })));
  assert.deepEqual(
    members.map(({ member }) => member.name),
    [
      'folder/b.tif',
      'a.PNG',
      'folder/._b.tif',
      'with, comma: colon & space é.tif',
      'windows\\c.tif',
    ],
  );
  assert.ok(members.every(({ problem }) => problem === undefined));
});

test('names have no steps that lead nowhere, as Python unpacks them', async () => {
  const bytes = await readFile(new URL('fixtures/dots.zip', import.meta.url));
  const members = chooseMembers(await directory(bytes), LIMITS);
  const names = members.map(({ member }) => member.name);
  assert.deepEqual(names, ['a.tif', 'd/b.tif', 'd/c.tif']);
  await assert.rejects(chosen([{ name: 'a.tif' }, { name: './/a.tif' }]), {
    code: 'corrupt_archive',
    message: /two files named "a\.tif"/,
  });
  await assert.rejects(chosen([{ name: './../a.tif' }]), { code: 'unsafe_archive' });
});

test('encrypted members, archives in archives, unknown compressions and giants fail alone', async () => {
  const members = await chosen(
    [
      { name: 'good.tif', data },
      { name: 'secret.tif', data, flags: 1 },
      { name: 'inner.ZIP', data },
      { name: 'odd.tif', data, method: 14 },
      { name: 'giant.tif', data },
    ],
    { ...LIMITS, maxFileBytes: 1000 },
  );
  assert.deepEqual(
    members.map(({ problem }) => problem?.message),
    [
      undefined,
      '"secret.tif" is encrypted. Archive it without password.',
      '"inner.ZIP" is an archive in an archive.',
      '"odd.tif" is compressed by method 14, which is not read. Archive it with deflate.',
      undefined,
    ],
  );
  const [, giant] = await chosen(
    [
      { name: 'good.tif', data: Buffer.from('x') },
      { name: 'giant.tif', data },
    ],
    { ...LIMITS, maxFileBytes: 999 },
  );
  assert.equal(
    giant?.problem?.message,
    '"giant.tif" has 1000 bytes; at most 999 are allowed (MAX_FILE_BYTES).',
  );
});

const LINK = 0o120777;
const refusals: readonly (readonly [string, readonly BuiltMember[], string, string | RegExp])[] = [
  [
    'a name that leads out',
    [{ name: 'a/../../evil.tif', data }],
    'unsafe_archive',
    'The archive has a member with a path that leads out of the archive: "a/../../evil.tif". Archive the folder itself, with relative paths.',
  ],
  [
    'a name that leads out by backslashes',
    [{ name: '..\\evil.tif' }],
    'unsafe_archive',
    /leads out/,
  ],
  ['an absolute name', [{ name: '/etc/a.tif' }], 'unsafe_archive', /an absolute path: "\/etc/],
  ['a drive', [{ name: 'C:\\a.tif' }], 'unsafe_archive', /an absolute path: "C:/],
  ['such a name that is no image', [{ name: '../evil' }], 'unsafe_archive', /leads out/],
  [
    'a link',
    [{ name: 'link.tif', data: Buffer.from('a.tif'), method: 0, mode: LINK }],
    'unsafe_archive',
    '"link.tif" in the archive is a symbolic link, not a file. Archive the files themselves.',
  ],
  [
    'two files of one name',
    [
      { name: 'a.tif', data },
      { name: 'b.tif', data },
      { name: 'a.tif', data },
    ],
    'corrupt_archive',
    'The archive has two files named "a.tif"; it is unclear which one is meant.',
  ],
  [
    'a stored file of two sizes',
    [{ name: 'a.tif', data, method: 0, claims: { size: 999 } }],
    'corrupt_archive',
    '"a.tif" claims 999 bytes out of 1000 in the archive, which is impossible.',
  ],
  [
    'a size that no bytes can expand to',
    [{ name: 'a.tif', data, claims: { size: 2 ** 28, compressedSize: 1000 } }],
    'corrupt_archive',
    /which is impossible/,
  ],
  [
    'files that overlap',
    [
      { name: 'a.tif', data },
      { name: 'b.tif', data, claims: { offset: 10 } },
    ],
    'corrupt_archive',
    '"a.tif" and "b.tif" overlap in the archive.',
  ],
  [
    'no files at all',
    [],
    'unsupported_file',
    'The archive has no images: files with an extension, such as .tif. It has no files at all.',
  ],
  [
    'no images',
    [{ name: 'README' }, { name: 'folder.tif/' }],
    'unsupported_file',
    'The archive has no images: files with an extension, such as .tif. None of its 2 members is one.',
  ],
  [
    'archives only',
    [{ name: 'inner.zip', data }],
    'invalid_file_type',
    '"inner.zip" is an archive in an archive.',
  ],
];

for (const [what, members, code, message] of refusals) {
  test(`an archive with ${what} is refused whole: ${code}`, async () => {
    await assert.rejects(chosen(members), { code, message });
  });
}

test('more bytes than allowed, or than the archive can hold in earnest, are refused', async () => {
  const members = Array.from({ length: 20 }, (_, at) => ({
    name: `${at}.tif`,
    data,
    claims: { size: 2 ** 26, compressedSize: 2 ** 18, offset: at * 2 ** 20 },
  }));
  const sizes = { maxBytes: 2 ** 30 + 2 ** 28, maxRatio: 256 };
  assert.equal((await chosen(members, { ...LIMITS, ...sizes })).length, 20);
  await assert.rejects(chosen(members, { ...LIMITS, ...sizes, maxBytes: 2 ** 30 }), {
    code: 'archive_too_large',
    message:
      'The files of the archive are 1342177280 bytes together; at most 1073741824 are allowed (MAX_ARCHIVE_BYTES).',
  });
  await assert.rejects(chosen(members, { ...LIMITS, ...sizes, maxRatio: 255 }), {
    code: 'archive_too_large',
    message:
      'The files of the archive are 256 times larger than the archive; at most 255 times are allowed (MAX_ARCHIVE_RATIO).',
  });
});

test('blank images in a small archive compress as well as they like', async () => {
  const blank = { name: 'blank.tif', data: Buffer.alloc(2 ** 24) };
  assert.equal((await chosen([blank])).length, 1);
});

test('an archive of Info-ZIP whose files are all encrypted says so', async () => {
  const bytes = await readFile(new URL('fixtures/encrypted.zip', import.meta.url));
  const members = await directory(bytes);
  assert.throws(() => chooseMembers(members, LIMITS), {
    code: 'unsupported_file',
    message: /^"d\/(a|link)\.tif" is encrypted\. Archive it without password\.$/,
  });
});
