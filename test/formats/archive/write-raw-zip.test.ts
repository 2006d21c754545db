import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { type ByteSource, bytesAsSource } from '../../../src/formats/archive/byte-source.ts';
import { type RawEntry, writeRawZip } from '../../../src/formats/archive/write-raw-zip.ts';
import { readZipDirectory } from '../../../src/formats/archive/zip-directory.ts';
import { readPackedMember, readZipMember } from '../../../src/formats/archive/zip-member.ts';
import { buildZip } from '../../harness/images/zip-builder.ts';

const LIMITS = { maxEntries: 100_000 };

async function* all<Value>(values: Iterable<Value>): AsyncGenerator<Value> {
  yield* values;
}

function entry(name: string, content: Uint8Array, method = 8): RawEntry {
  const packed = method === 8 ? deflateRawSync(content) : content;
  return {
    name,
    method,
    crc32: crc32(content),
    size: content.length,
    compressedSize: packed.length,
    packed: all([packed.subarray(0, 10), packed.subarray(10)]),
  };
}

const files = [
  ['a.tif', Buffer.alloc(5000, 'a')],
  ['folder/with, comma: ü日.tif', Buffer.from('b')],
  ['empty.csv', Buffer.alloc(0)],
] as const;

test('files come out as they went in, and equal files make equal archives', async () => {
  const write = () =>
    buffer(writeRawZip(all(files.map(([name, content]) => entry(name, content)))));
  const archive = await write();
  const source = bytesAsSource(archive);
  const members = await readZipDirectory(source, LIMITS);
  const found = await Promise.all(
    members.map(async (member) => [member.name, await buffer(readZipMember(source, member))]),
  );
  assert.deepEqual(found, files);
  assert.deepEqual(await write(), archive);
});

test('a member of another archive is copied without being unpacked', async () => {
  const content = Buffer.alloc(3_000_000, 'some bytes ');
  const source = bytesAsSource(buildZip([{ name: 'a.tif', data: content }]));
  const [member] = await readZipDirectory(source, LIMITS);
  assert.ok(member);
  const copy = { ...member, name: 'b/a.tif', packed: readPackedMember(source, member) };
  const archive = await buffer(writeRawZip(all([copy])));
  const copied = bytesAsSource(archive);
  const [again] = await readZipDirectory(copied, LIMITS);
  assert.ok(again);
  assert.equal(again.name, 'b/a.tif');
  assert.ok((await buffer(readZipMember(copied, again))).equals(content));
});

test('more files than 16 bits can count are counted', async () => {
  const empty = entry('empty.csv', Buffer.alloc(0), 0);
  const names = Array.from({ length: 65_600 }, (_, at) => `${at}.csv`);
  const many = names.map((name) => ({ ...empty, name, packed: all([]) }));
  // Each piece is a promise or more already; `buffer` would take a few more for each.
  const pieces: Uint8Array[] = [];
  for await (const piece of writeRawZip(all(many))) pieces.push(piece);
  const archive = Buffer.concat(pieces);
  const members = await readZipDirectory(bytesAsSource(archive), LIMITS);
  assert.equal(members.length, 65_600);
  assert.equal(members.at(-1)?.name, '65599.csv');
});

/** Holds what was written at which place, but not the 9 GiB between. */
test('an archive of more than 4 GiB is found by its ZIP64 fields', async () => {
  const gap = 9 * 2 ** 30;
  const large: RawEntry = {
    ...entry('large.tif', Buffer.alloc(1), 0),
    size: gap,
    compressedSize: gap,
  };
  const pieces: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  let at = 0;
  for await (const bytes of writeRawZip(
    all([{ ...large, packed: all([]) }, entry('last.tif', Buffer.from('the last bytes'))]),
  )) {
    pieces.push({ at, bytes });
    at += bytes.length;
    // The data of the first entry were not made, but count.
    if (pieces.length === 1) at += gap;
  }
  const source: ByteSource = {
    size: at,
    read: (start, end) => Promise.resolve(readPieces(pieces, start, end)),
  };
  const members = await readZipDirectory(source, LIMITS);
  assert.deepEqual(
    members.map(({ name, size, compressedSize }) => [name, size, compressedSize]),
    [
      ['large.tif', gap, gap],
      ['last.tif', 14, 16],
    ],
  );
  const [, last] = members;
  assert.ok(last);
  assert.equal((await buffer(readZipMember(source, last))).toString(), 'the last bytes');
});

function readPieces(
  pieces: readonly { readonly at: number; readonly bytes: Uint8Array }[],
  start: number,
  end: number,
): Buffer {
  const bytes = Buffer.alloc(end - start);
  for (const piece of pieces) {
    const [from, to] = [Math.max(start, piece.at), Math.min(end, piece.at + piece.bytes.length)];
    if (from < to) bytes.set(piece.bytes.subarray(from - piece.at, to - piece.at), from - start);
  }
  return bytes;
}
