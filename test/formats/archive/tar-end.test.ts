import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { pack } from 'tar-stream';
import { upToTarEnd } from '../../../src/formats/archive/tar-end.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A folder, and a file of nothing but zeros: 512 bytes, 512, and 1000 in two blocks. */
const tar = pack();
tar.entry({ name: 'folder/', type: 'directory' });
tar.entry({ name: 'zeros.npy' }, Buffer.alloc(1000));
tar.finalize();
const archive = await buffer(tar);
const members = archive.subarray(0, 2048);

test('zeros in a file do not end an archive, a block of them in place of a header does', async () => {
  const followed = Buffer.concat([archive, Buffer.alloc(5000, 1)]);
  for (const size of [1, 7, 512, 1000, followed.length]) {
    assert.deepEqual(await buffer(upToTarEnd(pieces(followed, size))), members, `by ${size}`);
  }
});

test('a size in binary is read, and an archive without an end is given whole', async () => {
  const binary = Buffer.from(members);
  // As GNU tar writes sizes from 8 GiB on.
  binary.fill(0, 512 + 124, 512 + 136);
  binary[512 + 124] = 0x80;
  binary.writeUInt16BE(1000, 512 + 134);
  for (const whole of [binary, members.subarray(0, 700), members.subarray(0, 300)]) {
    assert.deepEqual(await buffer(upToTarEnd(pieces(whole, 100))), whole);
  }
});
