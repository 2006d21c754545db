import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SaxesParser } from 'saxes';
import { resultsPage } from '../../../src/results/page/page.ts';
import { type ResultRecord, recordOf } from '../../../src/results/record.ts';

const NASTY = `<script>alert("1")</script> & 'ö' %#?.tif`;

let output: string;
before(async () => {
  output = await mkdtemp(join(tmpdir(), 'kiosk-page-'));
  await mkdir(join(output, NASTY.replace('/', '_')));
  await writeFile(join(output, NASTY.replace('/', '_'), 't.png'), 'a picture');
});
after(() => rm(output, { recursive: true, force: true }));

const DONE = recordOf({
  file: `images/${NASTY}`,
  folder: NASTY.replace('/', '_'),
  key: 'segmentation:1',
  status: 'done',
  cells: 1234,
  warnings: ['1 of 5 frames was used.', NASTY],
  table: { name: 'x_cells.csv', columns: ['label'] },
  pictures: [{ overlay: 'o.png', thumbnail: 't.png' }],
});
const FAILED = recordOf({
  file: 'images/broken.tif',
  key: 'segmentation:2',
  status: 'failed',
  code: 'corrupt_image',
  reason: 'The file ends\u0000 too early.',
  remedy: 'Save it again.',
});

async function pageOf(files: readonly ResultRecord[], remarks: string[] = []): Promise<string> {
  const batch = {
    queue: 'segmentation',
    writtenAt: '2026-11-26T23:00:00Z',
    files,
    output,
    remarks,
  };
  const pieces: string[] = [];
  for await (const piece of resultsPage(batch)) pieces.push(piece);
  return pieces.join('');
}

interface Parsed {
  readonly names: string[];
  /** All links and sources. */
  readonly targets: string[];
  readonly text: string;
}

/** Reads a page strictly: every element is closed, every value quoted and escaped. */
function parse(page: string): Parsed {
  const parser = new SaxesParser();
  const [names, targets, texts]: string[][] = [[], [], []];
  parser.on('error', (error) => assert.fail(error));
  parser.on('opentag', ({ name, attributes }) => {
    names?.push(name);
    for (const at of ['href', 'src'])
      if (attributes[at] !== undefined) targets?.push(attributes[at]);
  });
  parser.on('text', (text) => texts?.push(text));
  // XML wants capitals.
  parser.write(page.replace('<!doctype html>', '<!DOCTYPE html>')).close();
  return { names: names ?? [], targets: targets ?? [], text: (texts ?? []).join('') };
}

describe('resultsPage', () => {
  it('is one file that loads nothing, and has no scripts', async () => {
    const { names, targets } = parse(await pageOf([DONE, FAILED]));
    assert.equal(names.includes('script'), false);
    assert.equal(names.filter((name) => name === 'img').length, 1);
    const loaded = targets.filter((target) => /^(?:[a-z]+:)?\/\/|^\//.test(target));
    assert.deepEqual(loaded, []);
    const picture = `data:image/png;base64,${Buffer.from('a picture').toString('base64')}`;
    assert.ok(targets.includes(picture));
  });

  it('shows names as they are, and links to files of any name', async () => {
    const { text, targets } = parse(await pageOf([DONE]));
    assert.ok(text.includes(NASTY.split('/').at(-1) ?? ''));
    assert.ok(text.includes(NASTY), 'in a warning');
    const folder = encodeURIComponent(NASTY.replace('/', '_'));
    assert.ok(targets.includes(`${folder}/o.png`), targets.join());
    assert.ok(targets.includes(`${folder}/x_cells.csv`));
  });

  it('tells counts, warnings, and failures with what to do', async () => {
    const { text } = parse(await pageOf([DONE, FAILED], ['Three files are of an earlier run.']));
    for (const words of [
      '1,234',
      '1 of 5 frames was used.',
      'images/broken.tif',
      'corrupt_image',
      'The file ends\u{fffd} too early.',
      'What to do: Save it again.',
      'segmentation:2',
      'Three files are of an earlier run.',
    ])
      assert.ok(text.includes(words), words);
  });

  it('tells which files were skipped or have not ended', async () => {
    const skipped = recordOf({ file: 'notes.txt', status: 'skipped', reason: 'It is no image.' });
    const waiting = recordOf({ file: 'later.tif', status: 'waiting', key: 'segmentation:3' });
    const { text } = parse(await pageOf([skipped, waiting]));
    assert.match(text, /Not ended when this was written\s+later\.tif\s+segmentation:3/);
    assert.match(text, /Skipped\s+notes\.txt\s+It is no image\./);
  });

  it('is whole without a single file, and where a picture is gone', async () => {
    parse(await pageOf([]));
    const gone = { ...DONE, pictures: [{ overlay: 'o.png', thumbnail: 'gone.png' }] };
    assert.match(parse(await pageOf([gone])).text, /no picture/);
  });
});
