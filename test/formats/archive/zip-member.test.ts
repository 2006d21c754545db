import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { KnownError } from '../../../src/errors.ts';
import { type ByteSource, bytesAsSource } from '../../../src/formats/archive/byte-source.ts';
import { readZipDirectory } from '../../../src/formats/archive/zip-directory.ts';
import { readZipMember } from '../../../src/formats/archive/zip-member.ts';
import { buildZip } from '../../harness/images/zip-builder.ts';

const LIMITS = { maxEntries: 1000 };

async function contents(bytes: Uint8Array): Promise<Buffer[]> {
  const source = bytesAsSource(bytes);
  const members = await readZipDirectory(source, LIMITS);
  return Promise.all(members.map((member) => buffer(readZipMember(source, member))));
}

/** Those with bytes in front or behind are read by Python's zipfile too (fixtures/generate.py). */
const SURROUNDED = ['prefix', 'suffix', 'both', 'prefix-zip64'];

for (const name of ['stored', 'deflated', 'descriptors', 'zip64', ...SURROUNDED]) {
  test(`the members of a ${name} archive of Python have their bytes`, async () => {
    const bytes = await readFile(new URL(`fixtures/${name}.zip`, import.meta.url));
    assert.deepEqual(await contents(bytes), [
      Buffer.from(Array.from({ length: 2048 }, (_, at) => at % 256)),
      Buffer.alloc(5000, 'b'),
      Buffer.alloc(10, 'c'),
      Buffer.alloc(0),
    ]);
  });
}

const data = Buffer.alloc(3_000_000, 'some bytes that are worth compressing ');
const packed = deflateRawSync(data);

/** The archive with one of the bytes of its only member changed. */
function changed(archive: Buffer, at: number): Buffer {
  const copy = Buffer.from(archive);
  copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
  return copy;
}

const sound = buildZip([{ name: 'a.tif', data, method: 0 }]);
for (const [what, archive, why] of [
  ['a wrong byte in stored data', changed(sound, 5000), 'its bytes do not match their checksum'],
  [
    'a wrong byte in deflated data',
    changed(buildZip([{ name: 'a.tif', data }]), 40),
    'it cannot be inflated',
  ],
  [
    'fewer bytes than it claims',
    buildZip([{ name: 'a.tif', data, claims: { size: data.length + 1 } }]),
    'it has 3000000 of the 3000001 bytes that it claims',
  ],
  [
    'more bytes than it claims',
    buildZip([{ name: 'a.tif', data, claims: { size: 1000 } }]),
    'it has more than the 1000 bytes that it claims',
  ],
  [
    'deflated data that end too early',
    buildZip([{ name: 'a.tif', data, claims: { compressedSize: packed.length - 20 } }]),
    'it cannot be inflated',
  ],
  [
    'data that go on behind the archive',
    buildZip([{ name: 'a.tif', data, claims: { compressedSize: 2 ** 30 } }]),
    'it reaches past the end of the archive',
  ],
  [
    'a place behind the archive',
    buildZip([{ name: 'a.tif', data, claims: { offset: 2 ** 30 } }]),
    'it lies past the end of the archive',
  ],
  [
    'a header that is none',
    buildZip([{ name: 'a.tif', data, claims: { offset: 7 } }]),
    'its own header differs from the directory',
  ],
  [
    'another name in its own header',
    changed(sound, 31),
    'its own header differs from the directory',
  ],
] as const) {
  test(`a member with ${what} is damaged, and says why`, async () => {
    await assert.rejects(contents(archive), {
      code: 'corrupt_archive',
      message: `"a.tif" is damaged: ${why}.`,
    });
  });
}

test('a member that expands to more than it claims is given up there and then', async () => {
  const bomb = buildZip([{ name: 'a.tif', data: Buffer.alloc(2 ** 28), claims: { size: 10 } }]);
  const source = bytesAsSource(bomb);
  const [member] = await readZipDirectory(source, LIMITS);
  assert.ok(member);
  let read = 0;
  const counting: ByteSource = {
    size: source.size,
    read(start, end) {
      read += end - start;
      return source.read(start, end);
    },
  };
  await assert.rejects(buffer(readZipMember(counting, member)), { code: 'corrupt_archive' });
  assert.ok(read < bomb.length + 100, `${read} bytes were read`);
});

test('an error of the source keeps its meaning, and a reader that stops stops the source', async () => {
  const source = bytesAsSource(sound);
  const [member] = await readZipDirectory(source, LIMITS);
  assert.ok(member);
  let reads = 0;
  const failing: ByteSource = {
    size: source.size,
    read(start, end) {
      reads++;
      if (start > 100) throw new KnownError('bucket_unavailable', 'The bucket is away.');
      return source.read(start, end);
    },
  };
  await assert.rejects(buffer(readZipMember(failing, member)), { code: 'bucket_unavailable' });
  reads = 0;
  for await (const chunk of readZipMember(failing, member)) {
    assert.ok(chunk.length > 0);
    break;
  }
  assert.equal(reads, 2);
});

/** An archive of 5 GiB, of which only the few bytes that matter exist. */
test('a member that lies behind 4 GiB is read where the ZIP64 fields say', async () => {
  const small = buildZip([{ name: 'last.tif', data: Buffer.from('the last bytes'), method: 0 }]);
  const gap = 5 * 2 ** 30;
  const directoryAt = small.indexOf('PK\x01\x02');
  const source = withGapBefore(small, directoryAt, gap);
  const members = await readZipDirectory(source, LIMITS);
  assert.deepEqual(
    members.map(({ name, offset }) => [name, offset]),
    [['last.tif', gap]],
  );
  const [member] = members;
  assert.ok(member);
  assert.equal((await buffer(readZipMember(source, member))).toString(), 'the last bytes');
});

/** Moves an archive of one member behind a gap of zeros, with the ZIP64 fields that this takes. */
function withGapBefore(small: Buffer, directoryAt: number, gap: number): ByteSource {
  const nameEnd = directoryAt + 46 + small.readUInt16LE(directoryAt + 28);
  const central = Buffer.from(small.subarray(directoryAt, nameEnd));
  central.writeUInt16LE(12, 30);
  central.writeUInt32LE(0xffffffff, 42);
  const extra = Buffer.alloc(12);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8, 2);
  extra.writeBigUInt64LE(BigInt(gap), 4);
  const start = gap + directoryAt;
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(1n, 24);
  end64.writeBigUInt64LE(1n, 32);
  end64.writeBigUInt64LE(BigInt(central.length + 12), 40);
  end64.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(start + central.length + 12), 8);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(0xffff, 10);
  end.writeUInt32LE(0xffffffff, 16);
  const tail = Buffer.concat([small.subarray(0, directoryAt), central, extra, end64, locator, end]);
  return {
    size: gap + tail.length,
    read: (from, to) =>
      Promise.resolve(
        Buffer.concat([
          Buffer.alloc(Math.max(0, Math.min(to, gap) - from)),
          tail.subarray(Math.max(0, from - gap), Math.max(0, to - gap)),
        ]),
      ),
  };
}
