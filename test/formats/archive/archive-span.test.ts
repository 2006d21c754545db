import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findArchive, within } from '../../../src/formats/archive/archive-span.ts';
import { bytesAsSource } from '../../../src/formats/archive/byte-source.ts';
import { findEndRecord } from '../../../src/formats/archive/end-record.ts';
import { buildZip } from '../../harness/images/zip-builder.ts';

const archive = buildZip([{ name: 'a.tif', data: Buffer.from('pixels') }]);
const program = Buffer.from('#!/bin/sh\nexit 1\n');
const find = async (...parts: readonly Uint8Array[]) => {
  const source = bytesAsSource(Buffer.concat(parts));
  return findArchive(source, await findEndRecord(source));
};

test('an archive alone is its file', async () => {
  assert.deepEqual(await find(archive), { start: 0, end: archive.length });
});

test('a program in front and bytes behind do not belong to it', async () => {
  const { start, end } = await find(program, archive, Buffer.alloc(100));
  assert.deepEqual([start, end], [program.length, program.length + archive.length]);
});

test('a comment is left out, also one that looks like an end record', async () => {
  const comment = `PK\u0005\u0006${'\0'.repeat(18)}more`;
  const commented = buildZip([{ name: 'a.tif' }], { comment });
  const end = commented.length - comment.length;
  assert.deepEqual(await find(commented), { start: 0, end });
});

test('what is no archive is left whole, for others to judge', async () => {
  assert.deepEqual(await find(Buffer.from('a text')), { start: 0, end: 6 });
});

test('two archives one behind the other are refused: one of them would be left out', async () => {
  await assert.rejects(find(archive, archive), {
    code: 'corrupt_archive',
    message: /two archives/,
  });
});

test('an archive within a file has its bytes, and says that no comment follows', async () => {
  const commented = buildZip([{ name: 'a.tif', data: Buffer.from('pixels') }], {
    comment: 'words',
  });
  const source = bytesAsSource(Buffer.concat([program, commented]));
  const part = within(source, await findArchive(source, await findEndRecord(source)));
  assert.deepEqual(Buffer.from(await part.read(0, part.size)), archive);
  assert.deepEqual(Buffer.from(await part.read(4, 9)), archive.subarray(4, 9));
  assert.deepEqual(Buffer.from(await part.read(part.size - 1, part.size)), Buffer.alloc(1));
});
