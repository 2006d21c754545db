import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CRC32C } from '@google-cloud/storage';
import { Crc32c } from '../../../../src/adapters/bucket/gcs/crc32c.ts';

function checksumOf(...pieces: readonly Uint8Array[]): string {
  const checksum = new Crc32c();
  for (const piece of pieces) checksum.update(piece);
  return checksum.toString();
}

/** RFC 3720, appendix B.4. */
const VECTORS = [
  ['zeros', Buffer.alloc(32), '8a9136aa'],
  ['ones', Buffer.alloc(32, 255), '62a8ab43'],
  ['bytes that go up', Buffer.from(Array.from({ length: 32 }, (_, at) => at)), '46dd794e'],
  ['bytes that go down', Buffer.from(Array.from({ length: 32 }, (_, at) => 31 - at)), '113fdb5c'],
  ['nothing', Buffer.alloc(0), '00000000'],
] as const;

for (const [what, bytes, hex] of VECTORS) {
  test(`of ${what} it is that of the standard`, () => {
    assert.equal(checksumOf(bytes), Buffer.from(hex, 'hex').toString('base64'));
  });
}

test('however the bytes come, it is what the client library says', () => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, at) => (at * 7919) >>> 3));
  for (const cut of [0, 1, 7, 8, 9, 500, 993, 1000]) {
    const library = new CRC32C();
    library.update(bytes.subarray(3));
    const found = checksumOf(bytes.subarray(3, Math.max(3, cut)), bytes.subarray(Math.max(3, cut)));
    assert.equal(found, library.toString(), `in two, at ${cut}`);
  }
});
