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

test('a comment belongs to it, also one that looks like an end record', async () => {
  const comment = `PK\u0005\u0006${'\0'.repeat(18)}more`;
  const commented = buildZip([{ name: 'a.tif' }], { comment });
  assert.deepEqual(await find(commented), { start: 0, end: commented.length });
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

test('a part of a source has its bytes', async () => {
  const part = within(bytesAsSource(Buffer.from('0123456789')), { start: 3, end: 8 });
  assert.equal(part.size, 5);
  assert.equal(Buffer.from(await part.read(1, 3)).toString(), '45');
});
