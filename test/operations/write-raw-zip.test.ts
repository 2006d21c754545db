import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { type RawEntry, writeRawZip } from '../../src/formats/archive/write-raw-zip.ts';

async function* entries(count: number): AsyncGenerator<RawEntry> {
  for (let index = 0; index < count; index++) {
    const content = Buffer.alloc(index % 50, 'content ');
    const isStored = index % 2 === 1;
    const packed = isStored ? content : deflateRawSync(content);
    yield {
      name: `folder/with, comma: ü日 ${index}.tif`,
      method: isStored ? 0 : 8,
      crc32: crc32(content),
      size: content.length,
      compressedSize: packed.length,
      packed: (async function* () {
        yield packed;
      })(),
    };
  }
}

for (const count of [0, 3, 65_600]) {
  test(`Info-ZIP and Python find ${count} files whole`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kiosk-zip-'));
    try {
      const path = join(folder, 'a.zip');
      await writeFile(path, await buffer(writeRawZip(entries(count))));
      if (count > 0) execFileSync('unzip', ['-tq', path]);
      const script = `import zipfile; z = zipfile.ZipFile(r"${path}"); assert z.testzip() is None; assert len(z.namelist()) == ${count}`;
      execFileSync('python3', ['-c', script]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
