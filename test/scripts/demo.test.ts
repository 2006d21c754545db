import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decode } from 'image-js';

const DEMO = fileURLToPath(new URL('../../scripts/demo.ts', import.meta.url));

/** Runs the demo; what it said, and the folder that it left. */
async function demo(context: TestContext, word: string): Promise<{ said: string; folder: string }> {
  const home = await mkdtemp(join(tmpdir(), 'kiosk demo '));
  context.after(() => rm(home, { recursive: true }));
  const child = spawn(process.execPath, [DEMO, word], {
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  context.after(() => child.kill());
  const ended = once(child, 'exit');
  const [said, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.deepEqual(await ended, [0, null], said + complaints);
  return { said, folder: join(home, 'demo-output') };
}

/** Width, height, and how many pixels have a colour: outlines, crosses. */
async function look(path: string): Promise<{ size: [number, number]; coloured: number }> {
  const image = decode(await readFile(path));
  let coloured = 0;
  for (let at = 0; at < image.size; at++) {
    const [red, green, blue] = image.getPixelByIndex(at);
    if (red !== green || green !== blue) coloured += 1;
  }
  return { size: [image.width, image.height], coloured };
}

/** The last row of the table that it shows, by the names of its columns. */
function rowOf(said: string): Record<string, string> {
  const [names = [], values = []] = said
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) => line.split('│').map((cell) => cell.trim()));
  return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
}

test('--zip: an archive of images, whose damaged member fails alone', async (context) => {
  const { said, folder } = await demo(context, '--zip');
  const { status, images, failed } = rowOf(said);
  assert.deepEqual({ status, images, failed }, { status: "'done'", images: '4', failed: '1' });
  assert.match(said, /segmentation:cut-off\.tif:[0-9a-f]{32}: "cut-off\.tif" is damaged/);
  const results = join(folder, 'results', 'images');
  const pictures = (await readdir(results)).filter((name) => name.endsWith('_overlay.png'));
  const overlay = (stem: string): string => `${stem}_batch_0_feature_0_overlay.png`;
  assert.deepEqual(pictures.toSorted(), ['dense', 'sparse', 'wide'].map(overlay));
  const { size, coloured } = await look(join(results, overlay('wide')));
  assert.deepEqual(size, [900, 400]);
  assert.ok(coloured > 3000, `${coloured} pixels of outlines`);
});

test('--movie: the tracks of nuclei that divide in the frames in which they were drawn as two', async (context) => {
  const { said, folder } = await demo(context, '--movie');
  const { status, tracks, divisions } = rowOf(said);
  assert.deepEqual(
    { status, tracks, divisions },
    { status: "'done'", tracks: '17', divisions: '4' },
  );
  const lines = said.split('\n').filter((line) => /^ *track/.test(line));
  const shapes = lines.map((line) => line.replace(/track \d+: frames /, ''));
  assert.deepEqual(shapes.toSorted(), [
    '    8 to 9',
    '    8 to 9',
    '  3 to 7, then divides',
    '  3 to 9',
    '  5 to 9',
    '  5 to 9',
    '  7 to 9',
    '  7 to 9',
    '0 to 2, then divides',
    '0 to 4, then divides',
    '0 to 6, then divides',
    ...Array<string>(6).fill('0 to 9'),
  ]);
  const { size, coloured } = await look(join(folder, 'overlays', 'movie.png'));
  assert.deepEqual(size, [5 * 512, 2 * 512]);
  assert.ok(coloured > 10_000, `${coloured} pixels of outlines`);
});

test('--spots: the spots of each of the cells that were drawn', async (context) => {
  const { said, folder } = await demo(context, '--spots');
  const { status, cells, spots = '', 'in cells': inCells } = rowOf(said);
  assert.deepEqual({ status, cells }, { status: "'done'", cells: '25' });
  const counts = said.split('\n').flatMap((line) => /^ {2}cell \d+: (\d+)$/.exec(line)?.[1] ?? []);
  assert.equal(counts.length, 25);
  assert.equal(
    counts.reduce((sum, count) => sum + Number(count), 0),
    Number(inCells),
  );
  assert.ok(Number(inCells) > 150 && Number(spots) > Number(inCells), `${inCells} of ${spots}`);
  const { size, coloured } = await look(join(folder, 'overlays', 'spots.png'));
  assert.deepEqual(size, [1024, 1024]);
  assert.ok(coloured > 8000, `${coloured} pixels of outlines and crosses`);
});
