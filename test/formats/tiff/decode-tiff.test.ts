import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import { decodeImage, describeImage } from '../../../src/formats/decode-image.ts';
import type { PixelSize } from '../../../src/formats/image-description.ts';
import { readNpy } from '../../../src/formats/npy/npy.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

/** A file of `fixtures/`, and what it must give: see `generate.py`. */
interface Case {
  readonly file: string;
  readonly title: string;
  readonly axes?: string;
  readonly tolerance?: number;
  /** A regular expression for one of the notes. */
  readonly notes?: string;
  readonly channelNames?: readonly string[];
  readonly pixelSize?: PixelSize;
  readonly blankPlanes?: readonly number[];
  /** Why this result was chosen where readers disagree. */
  readonly decide?: string;
  readonly refused?: string;
  readonly message?: string;
}

const folder = new URL('fixtures/', import.meta.url);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const limits = { maxHeight: 2048, maxWidth: 2048, maxFileBytes: 2 ** 31 };
// The manifest is written together with the files, by the same script.
const cases = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as Case[];

for (const one of cases) {
  const why = one.decide === undefined ? '' : ` (decided: ${one.decide})`;
  test(`${one.file}, ${one.title}, is ${one.refused ? 'refused' : 'read'}${why}`, () => {
    if (one.refused === undefined) assertRead(one);
    else assertRefused(one);
  });
}

function assertRead({ file, axes, notes, channelNames, pixelSize, blankPlanes }: Case): void {
  const input = { bytes: bytesOf(file), name: file, limits };
  const expected = readNpy(bytesOf(file.replace(/\.tif$/, '.npy')));
  const image = decodeImage(input);
  assert.deepEqual(image.shape, expected.shape);
  assert.deepEqual(image.data, Float32Array.from(expected.data));
  assert.equal(image.axes, axes);
  const isAmiss = image.notes.some((note) => note.endsWith('its pages are taken as they come.'));
  assert.equal(image.misfit !== undefined, isAmiss && image.axes.includes('I'));
  if (notes === undefined) assert.deepEqual(image.notes, []);
  else assert.match(image.notes.join('\n'), new RegExp(notes));
  assert.deepEqual(image.channelNames, channelNames ?? []);
  assert.deepEqual(image.pixelSize, pixelSize);
  assert.deepEqual(image.blankPlanes, blankPlanes ?? []);
  assert.deepEqual({ ...image, ...describeImage(input) }, image);
}

function assertRefused({ file, refused, message = '' }: Case): void {
  assert.throws(
    () => decodeImage({ bytes: bytesOf(file), name: file, limits }),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, refused, error.stack);
      assert.ok(error.message.includes(message), error.message);
      return true;
    },
  );
}

test('whatever bytes are damaged, the image is read or refused in words', () => {
  const random = seededRandom(3);
  const below = (bound: number): number => Math.floor(random() * bound);
  for (const { file } of cases) {
    const intact = bytesOf(file);
    for (let round = 0; round < 12; round++) {
      const bytes = round % 4 === 0 ? intact.slice(0, below(intact.length)) : intact.slice();
      const reach = round % 2 === 0 ? bytes.length : Math.min(bytes.length, 1500);
      for (let flips = 1 + below(4); flips > 0; flips--) bytes[below(reach)] = below(256);
      try {
        decodeImage({ bytes, name: file, limits });
      } catch (error) {
        const isKnown = error instanceof KnownError && error.kind === 'bad_input';
        assert.ok(isKnown, `${file}: ${(error as Error).stack}`);
      }
    }
  }
});
