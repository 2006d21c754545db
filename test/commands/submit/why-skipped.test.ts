import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { skippedLines } from '../../../src/commands/submit/follow/summary.ts';
import { whySkipped } from '../../../src/commands/submit/why-skipped.ts';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';

test('images that are not read, or that their names hide, are told with what to do; other files are listed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-skipped-'));
  const image = { shape: [2, 2], data: new Float32Array(4) };
  const files = {
    'a.czi': 'ZISRAWFILE and more',
    'b.czi': 'ZISRAWFILE and others',
    field_1: encodeTiff(image),
    'meta.json': '{"a": 1}',
    'movie.trk': 'no image',
    'notes.txt': 'my notes',
  };
  const paths = Object.keys(files).map((name) => join(folder, name));
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const skipped = await whySkipped([...paths, join(folder, 'gone')]);
  assert.deepEqual(
    skipped.map(({ path }) => path),
    [...paths, join(folder, 'gone')],
  );
  const said = skippedLines(skipped).map((line) => line.replaceAll(`${folder}/`, ''));
  assert.deepEqual(said, [
    `Skipped, not for this queue by their names: ${Object.keys(files).join(', ')}, gone.`,
    '  a.czi, and 1 more: It is a Zeiss CZI file, which is not read. ' +
      'Export it as OME-TIFF, for example with Fiji or with bfconvert of Bio-Formats.',
    '  field_1: It is a TIFF image; name it .tif.',
  ]);
  assert.equal(skipped.at(-1)?.reason, 'By its name it is no file for this queue.');
  assert.deepEqual(skippedLines([]), []);
  await rm(folder, { recursive: true });
});
