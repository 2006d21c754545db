import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { recordOf } from '../../src/results/record.ts';
import { ResultsFolder, readManifest } from '../../src/results/results-folder.ts';

const NO_LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };
const [ROWS, COLUMNS] = [20, 30];

let folder: string;
let output: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk results '));
  output = join(folder, 'results');
  await mkdir(output);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function open(files = 1): ResultsFolder {
  const now = (): Date => new Date('2026-11-26T23:00:00Z');
  return new ResultsFolder({ output, queue: 'segmentation', files, overlays: true, now });
}

/** A plane with a square of `value` whose first pixel is at `from`, 4 rows by 5 columns. */
function square(from: number, value: number): Float32Array {
  const plane = new Float32Array(ROWS * COLUMNS);
  for (let row = from; row < from + 4; row++)
    plane.fill(value, row * COLUMNS + from, row * COLUMNS + from + 5);
  return plane;
}

/** An image of two planes, of which the second holds what was segmented. */
async function planarImage(name: string): Promise<string> {
  const path = join(folder, name);
  const data = new Float32Array(2 * ROWS * COLUMNS);
  data.set(square(2, 7));
  data.set(square(10, 50), ROWS * COLUMNS);
  await writeFile(path, encodeTiff({ shape: [2, ROWS, COLUMNS], data }));
  return path;
}

async function unpacked(name: string, labels: Float32Array): Promise<string[]> {
  const path = join(output, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, encodeTiff({ shape: [ROWS, COLUMNS], data: labels }));
  return [name.split('/').at(-1) ?? ''];
}

const FIELDS = { status: 'done', channels: ',1', dimension_order: 'CXY' };

describe('ResultsFolder', () => {
  it('leaves a table with the values of each channel, beside what the zip held', async () => {
    const file = await planarImage('cells.tif');
    const entries = await unpacked('cells/cells_batch_0_feature_0.tif', square(10, 3));
    const results = open();
    const done = { file, folder: 'cells', entries, key: 'k', fields: FIELDS };
    const record = await results.done(done);
    assert.deepEqual([record.cells, record.warnings], [1, []]);
    const table = await readFile(join(output, 'cells', 'cells_cells.csv'), 'utf8');
    assert.deepEqual(table.split('\r\n'), [
      'label,frame,area,centroid_row,centroid_column,bbox_top,bbox_left,bbox_bottom,bbox_right,' +
        'eccentricity,perimeter,mean_0,integrated_0,mean_1,integrated_1,mask',
      '3,0,20,11.5,12,10,10,14,15,0.612372436,14,0,0,50,1000,cells_batch_0_feature_0.tif',
      '',
    ]);
  });

  it('draws the channel that was segmented, of an image whose channels are planes', async () => {
    const file = await planarImage('cells.tif');
    const entries = await unpacked('cells/cells_batch_0_feature_0.tif', square(10, 3));
    await open().done({ file, folder: 'cells', entries, key: 'k', fields: FIELDS });
    const bytes = await readFile(join(output, 'cells', 'cells_batch_0_feature_0_overlay.png'));
    const { shape, data } = decodeImage({ bytes, name: 'overlay.png', limits: NO_LIMITS });
    assert.deepEqual(shape, [ROWS, COLUMNS, 1]);
    const at = (row: number, column: number): number => data[row * COLUMNS + column];
    assert.equal(at(2, 2), 0, 'the square of the other channel is not there');
    assert.equal(at(11, 12), 249, 'the square is white');
    assert.ok(at(10, 10) >= 250, 'and has an outline in colour');
  });

  it('leaves the tables of all images in one, and says what became of each file', async () => {
    const results = open(3);
    for (const name of ['b, "2".tif', 'a.tif']) {
      const file = await planarImage(name);
      const entries = await unpacked(`${name}/x_batch_0_feature_0.tif`, square(10, 1));
      await results.done({ file, folder: name, entries, key: name, fields: FIELDS });
    }
    const failure = {
      code: 'corrupt_image',
      reason: 'it ends too early',
      remedy: 'Save it again.',
    };
    results.add(recordOf({ file: 'c.tif', key: 'c', status: 'failed', ...failure }));
    await results.close();
    const [header = '', ...rows] = (await readFile(join(output, 'cells.csv'), 'utf8')).split(
      '\r\n',
    );
    assert.match(header, /^file,label,/);
    assert.deepEqual(
      rows.map((row) => row.slice(0, row.indexOf('tif'))),
      [`${folder}/a.`, `"${folder}/b, ""2"".`, ''],
    );
    const manifest = await readManifest(output);
    assert.deepEqual(
      manifest?.files.map(({ folder: name, status, cells }) => [name, status, cells]),
      [
        ['a.tif', 'done', 1],
        ['b, "2".tif', 'done', 1],
        ['', 'failed', null],
      ],
    );
    const csv = await readFile(join(output, 'manifest.csv'), 'utf8');
    assert.match(csv, /^c\.tif,,failed,,c,,,corrupt_image,it ends too early,Save it again\.,\r$/m);
  });

  it('says of an image that does not fit its labels that it was not drawn', async () => {
    const file = join(folder, 'small.tif');
    await writeFile(file, encodeTiff({ shape: [4, 4], data: new Float32Array(16) }));
    const entries = await unpacked('small/small_batch_0_feature_0.tif', square(1, 1));
    const record = await open().done({ file, folder: 'small', entries, key: 'k', fields: {} });
    assert.equal(record.cells, 1);
    assert.deepEqual(record.pictures, []);
    assert.match(record.warnings.join(), /labels are 20 × 30, which fits no reading of the image/);
  });

  it('counts nothing in what a model said, and says when no cell was found', async () => {
    const file = await planarImage('cells.tif');
    const entries = await unpacked('cells/cells_batch_0_feature_0.tif', square(1, 0.5));
    const results = open();
    const done = { file, folder: 'cells', entries, key: 'k', fields: FIELDS };
    const outputs = await results.done(done);
    assert.equal(outputs.cells, null);
    assert.match(outputs.warnings.join(), /holds no labels/);
    const named = await results.done({ ...done, fields: { model_name: 'M', model_version: '1' } });
    assert.deepEqual([named.cells, named.warnings], [null, []]);
    await unpacked('cells/cells_batch_0_feature_0.tif', square(1, 0));
    const empty = await results.done(done);
    assert.deepEqual([empty.cells, empty.warnings], [0, ['No cells were found.']]);
  });

  it('measures the members of an archive that was made here with their images', async () => {
    const path = await planarImage('m.tif');
    await mkdir(join(output, 'images', 'more'), { recursive: true });
    await unpacked('images/more/m_batch_0_feature_0.tif', square(10, 1));
    const done = { file: 'images.zip', folder: 'images', key: 'k', fields: FIELDS };
    const entries = ['more/m_batch_0_feature_0.tif'];
    const members = [{ path, name: 'more/m.tif' }];
    const record = await open().done({ ...done, entries, members });
    assert.deepEqual([record.cells, record.pictures.length, record.warnings], [1, 1, []]);
    const foreign = await open().done({ ...done, entries });
    assert.deepEqual([foreign.cells, foreign.pictures.length], [1, 0]);
    assert.match(foreign.warnings.join(), /Images in archives are not drawn/);
  });

  it('draws and measures each frame of a movie', async () => {
    const movie = join(folder, 'movie.tif');
    const size = ROWS * COLUMNS;
    const frames = new Float32Array(2 * size);
    frames.set(square(3, 9), size);
    await writeFile(movie, encodeTiff({ shape: [2, ROWS, COLUMNS], data: frames }));
    await mkdir(join(output, 'movie'));
    const labels = encodeTiff({ shape: [2, ROWS, COLUMNS], data: frames });
    await writeFile(join(output, 'movie', 'movie_feature_0.tif'), labels);
    const fields = {};
    const entries = ['movie_feature_0.tif', 'lineage.json'];
    await open().done({ file: movie, folder: 'movie', entries, key: 'k', fields });
    assert.deepEqual((await readdir(join(output, 'movie'))).toSorted(), [
      'movie_cells.csv',
      'movie_feature_0.tif',
      'movie_feature_0_frame_1_overlay.png',
      'movie_feature_0_overlay.png',
      'movie_feature_0_thumbnail.png',
    ]);
    const table = await readFile(join(output, 'movie', 'movie_cells.csv'), 'utf8');
    assert.match(table, /\r\n9,1,20,4\.5,5,/);
  });

  it('draws and measures a movie with labels, whose frames lie in its file', async () => {
    const movie = join(folder, 'plain.trk');
    // Written by Python: see generate-tars.py. Frames of 3 × 4 with the numbers 0 to 23, labels those modulo 3.
    await copyFile(new URL('../formats/archive/fixtures/plain.trk', import.meta.url), movie);
    await mkdir(join(output, 'plain'));
    const data = Float32Array.from({ length: 24 }, (_, at) => at % 3);
    const labels = encodeTiff({ shape: [2, 3, 4], data });
    await writeFile(join(output, 'plain', 'plain_feature_0.tif'), labels);
    const entries = ['plain_feature_0.tif', 'lineage.json'];
    const done = { file: movie, folder: 'plain', entries, key: 'k', fields: {} };
    const record = await open().done(done);
    assert.deepEqual([record.cells, record.pictures.length, record.warnings], [4, 2, []]);
    const table = await readFile(join(output, 'plain', 'plain_cells.csv'), 'utf8');
    const rows = table.trimEnd().split('\r\n').slice(1);
    assert.deepEqual(
      rows.map((row) => [0, 1, -3, -2].map((column) => Number(row.split(',').at(column)))),
      [
        [1, 0, 5.5, 22],
        [2, 0, 6.5, 26],
        [1, 1, 17.5, 70],
        [2, 1, 18.5, 74],
      ],
    );
  });
});
