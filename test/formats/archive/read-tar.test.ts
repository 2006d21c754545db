import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { KnownError } from '../../../src/errors.ts';
import { readTarFiles } from '../../../src/formats/archive/read-tar.ts';
import { readNpy } from '../../../src/formats/npy/npy.ts';

const WANTED = { name: 'movie.trk', files: ['raw.npy', 'tracked.npy'], maxBytes: 2 ** 20 };

function fixture(name: string): Promise<Buffer> {
  return readFile(new URL(`fixtures/${name}.trk`, import.meta.url));
}

async function* pieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

for (const name of ['plain', 'gzipped', 'gnu', 'dot', 'reversed', 'appended', 'joined']) {
  test(`the arrays in a ${name} archive of Python are found, whatever the pieces`, async () => {
    for (const size of [7, 1000, 2 ** 20]) {
      const files = await readTarFiles(pieces(await fixture(name), size), WANTED);
      const raw = readNpy(files.get('raw.npy') ?? new Uint8Array());
      const tracked = readNpy(files.get('tracked.npy') ?? new Uint8Array());
      assert.deepEqual(raw.shape, [2, 3, 4, 1]);
      assert.deepEqual(
        Array.from(raw.data),
        Array.from({ length: 24 }, (_, at) => at),
      );
      assert.deepEqual(
        Array.from(tracked.data),
        Array.from({ length: 24 }, (_, at) => at % 3),
      );
      assert.ok(raw.data.buffer instanceof SharedArrayBuffer);
    }
  });
}

for (const name of ['bzip2', 'xz']) {
  test(`an archive compressed with ${name} is not supported`, async () => {
    await assert.rejects(readTarFiles(pieces(await fixture(name)), WANTED), {
      code: 'unsupported_file',
      message: `"movie.trk" is compressed with ${name}; tar archives are read plain or gzipped.`,
    });
  });
}

const plain = await fixture('plain');
const gzipped = await fixture('gzipped');
for (const [what, bytes, message] of [
  ['without one of the arrays', await fixture('no-labels'), '"movie.trk" holds no tracked.npy.'],
  ['that is empty', Buffer.alloc(0), '"movie.trk" is empty: 0 bytes.'],
  ['of nothing but zeros', Buffer.alloc(10_240), '"movie.trk" holds no raw.npy.'],
  [
    'that is a text',
    Buffer.alloc(2000, 'text '),
    '"movie.trk" begins with "text text text t". It is no tar archive, as .trk and .trks files are, or is damaged.',
  ],
  ['that was cut off', plain.subarray(0, 1100), '"movie.trk" ends too early; upload it again.'],
  [
    'whose compression was cut off',
    gzipped.subarray(0, 150),
    '"movie.trk" ends too early; upload it again.',
  ],
] as const) {
  test(`an archive ${what} is corrupt`, async () => {
    await assert.rejects(readTarFiles(pieces(bytes), WANTED), { code: 'corrupt_archive', message });
  });
}

test('arrays that are too large are refused before they are read, and so is what expands too far', async () => {
  const large = pack();
  large.entry({ name: 'raw.npy' }, Buffer.alloc(200_000));
  large.finalize();
  await assert.rejects(
    readTarFiles(pieces(await buffer(large)), { ...WANTED, maxBytes: 199_999 }),
    {
      code: 'file_too_large',
      message: '"raw.npy" has 200000 bytes; at most 199999 are allowed (MAX_FILE_BYTES).',
    },
  );
  const bomb = pack();
  bomb.entry({ name: 'lineage.json' }, Buffer.alloc(2 ** 22));
  bomb.finalize();
  const packed = gzipSync(await buffer(bomb));
  await assert.rejects(readTarFiles(pieces(packed), WANTED), { code: 'archive_too_large' });
});

test('what the files take together is told before they are read, replaced ones included', async () => {
  const told: number[] = [];
  const holds = (bytes: number): void => void told.push(bytes);
  await readTarFiles(pieces(plain), { ...WANTED, holds });
  assert.deepEqual(told.splice(0), [224, 448]);
  await readTarFiles(pieces(await fixture('appended')), { ...WANTED, holds });
  assert.deepEqual(told, [136, 272, 496, 720]);
});

test('an archive is not read on for ever, be it packed or not', async () => {
  let given = 0;
  // A header of Python's tar, and as much data as it says: again and again.
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      given += 1024;
      yield plain.subarray(0, 1024);
    }
  };
  await assert.rejects(readTarFiles(endless(), { ...WANTED, maxBytes: 50_000 }), {
    code: 'archive_too_large',
    message:
      '"movie.trk" has more than 150000 bytes unpacked, three times what MAX_FILE_BYTES allows.',
  });
  assert.ok(given < 1_000_000, `${given} bytes`);
});

test('an error of the bucket keeps its meaning, and nothing is read behind the end', async () => {
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield plain.subarray(0, 600);
    throw new KnownError('bucket_unavailable', 'The bucket is away.');
  };
  await assert.rejects(readTarFiles(failing(), WANTED), { code: 'bucket_unavailable' });
  let ended = false;
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield plain;
      for (;;) yield new Uint8Array(512).fill(7);
    } finally {
      ended = true;
    }
  };
  await readTarFiles(endless(), WANTED);
  await new Promise(setImmediate);
  assert.ok(ended);
});

test('what is no archive is named as what it is', async () => {
  const kinds: readonly (readonly [Uint8Array, string])[] = [
    [Buffer.from('This is only a text.\n'), 'begins with "This is only a t"'],
    [Buffer.from('II*\0\x08\0\0\0'.padEnd(900, '\0'), 'latin1'), 'is a TIFF image; name it .tif'],
    [Buffer.from('\x89PNG\r\n\x1a\n'.padEnd(900, '\0'), 'latin1'), 'is a PNG image; name it .png'],
    [Buffer.from('ZISRAWFILE'.padEnd(900, '\0')), 'is a Zeiss CZI file'],
  ];
  for (const [bytes, what] of kinds) {
    await assert.rejects(readTarFiles(pieces(bytes, 7), WANTED), {
      code: 'corrupt_archive',
      message: `"movie.trk" ${what}. It is no tar archive, as .trk and .trks files are, or is damaged.`,
    });
  }
});
