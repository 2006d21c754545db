import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ByteSource } from '../../../src/formats/archive/byte-source.ts';
import { checkZip64 } from '../../../src/formats/archive/check-zip64.ts';
import { findEndRecord } from '../../../src/formats/archive/end-record.ts';
import { writeRawZip } from '../../../src/formats/archive/write-raw-zip.ts';
import { buildZip } from '../../harness/images/zip-builder.ts';

/** A file of 5 GiB of zeros that ends with these bytes. */
function endingWith(bytes: Uint8Array, size = 5 * 2 ** 30): ByteSource {
  return {
    size,
    read: async (start, end) => {
      const part = new Uint8Array(end - start);
      const from = size - bytes.length;
      part.set(bytes.subarray(Math.max(0, start - from), end - from), Math.max(0, from - start));
      return part;
    },
  };
}

async function check(source: ByteSource): Promise<void> {
  checkZip64(source, await findEndRecord(source));
}

/** The directory of an archive of one empty member that seems to begin at 5 GiB. */
async function zip64Directory(): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const entry = { name: 'a.tif', method: 0, crc32: 0, size: 2 ** 33, compressedSize: 2 ** 33 };
  const packed = (async function* (): AsyncGenerator<Uint8Array> {})();
  const entries = (async function* () {
    yield { ...entry, packed };
  })();
  for await (const part of writeRawZip(entries)) parts.push(part);
  return Buffer.concat(parts);
}

test('an archive above 4 GiB without ZIP64 is refused with the reason', async () => {
  const source = endingWith(buildZip([{ name: 'a.tif', data: Buffer.from('a') }]));
  await assert.rejects(check(source), /larger than 4 GiB and was written without ZIP64.*Finder/);
});

test('with ZIP64, below 4 GiB, and where there is no archive nothing is said', async () => {
  await check(endingWith(await zip64Directory()));
  await check(endingWith(buildZip([]), 2 ** 31));
  await check(endingWith(Buffer.from('no archive')));
});
