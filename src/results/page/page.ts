import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../manifest.ts';
import type { ResultRecord } from '../record.ts';
import { type Embedded, card, warningList } from './card.ts';
import { type Html, markup } from './markup.ts';

const STYLE = readFileSync(new URL('page.css', import.meta.url), 'utf8');
/** Pictures of an image that are shown at most; its other overlays are among its files. */
const PICTURES_SHOWN = 3;

interface Batch extends Manifest {
  /** The folder that holds the page and the thumbnails. */
  readonly output: string;
  /** What is to be said about the folder. */
  readonly remarks: readonly string[];
}

/**
 * The results page, piece by piece: one file that loads nothing else, without scripts. Thumbnails are read and
 * embedded one image at a time.
 */
export async function* resultsPage(batch: Batch): AsyncGenerator<string> {
  yield head(batch).html;
  const of = (status: ResultRecord['status']): ResultRecord[] =>
    batch.files.filter((record) => record.status === status);
  yield* troubles('Failed', 'failures', of('failed'));
  yield* troubles('Not ended when this was written', 'failures mild', of('waiting'));
  yield* troubles('Skipped', 'failures mild', of('skipped'));
  const done = of('done');
  if (done.length > 0) yield '<h2>Images</h2>\n<ul class="cards">\n';
  for (const record of done) yield card(record, await embedded(record, batch.output)).html;
  if (done.length > 0) yield '</ul>\n';
  yield foot(done.length > 0).html;
}

function head({ queue, writtenAt, files, remarks }: Batch): Html {
  const title = `Results of ${queue === '' ? 'a batch' : queue}`;
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta http-equiv="content-security-policy" content="${policy}" />
<title>${title}</title>
<link rel="icon" href="data:," />
<style>
${{ html: STYLE }}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="about">Written on ${writtenAt.slice(0, 16).replace('T', ' at ')} UTC</p>
</header>
<main>
<dl class="figures">
${figures(files)}</dl>
<ul class="files">
<li><a href="cells.csv">cells.csv</a>: a row for every cell</li>
<li><a href="manifest.csv">manifest.csv</a>: what became of each file</li>
</ul>
${warningList(remarks)}`;
}

function figures(files: readonly ResultRecord[]): Html[] {
  const count = (status: ResultRecord['status']): number =>
    files.filter((record) => record.status === status).length;
  const cells = files.reduce((sum, record) => sum + (record.cells ?? 0), 0);
  const warned = files.filter(({ warnings }) => warnings.length > 0).length;
  const [waiting, skipped] = [count('waiting'), count('skipped')];
  return [
    figure('Files', files.length),
    figure('Done', count('done')),
    figure('Cells', cells),
    figure('Failed', count('failed'), 'bad'),
    figure('With warnings', warned, 'hot'),
    ...(waiting > 0 ? [figure('Not ended', waiting)] : []),
    ...(skipped > 0 ? [figure('Skipped', skipped)] : []),
  ];
}

function figure(name: string, value: number, alarming = ''): Html {
  const kind = value > 0 ? alarming : '';
  return markup`<div><dt>${name}</dt><dd class="${kind}">${value.toLocaleString('en')}</dd></div>
`;
}

function* troubles(
  title: string,
  kind: string,
  records: readonly ResultRecord[],
): Generator<string> {
  if (records.length === 0) return;
  yield markup`<h2>${title}</h2>
<ul class="${kind}">
`.html;
  for (const record of records) yield trouble(record).html;
  yield '</ul>\n';
}

function trouble({ file, key, code, reason, remedy, warnings }: ResultRecord): Html {
  return markup`<li><strong>${file}</strong>${code === '' ? '' : markup` <code>${code}</code>`}
${reason === '' ? '' : markup`<p>${reason}</p>`}
${remedy === '' ? '' : markup`<p><strong>What to do:</strong> ${remedy}</p>`}
${key === '' ? '' : markup`<p class="key">${key}</p>`}
${warningList(warnings)}</li>
`;
}

async function embedded({ folder, pictures }: ResultRecord, output: string): Promise<Embedded[]> {
  const shown = pictures.filter(({ thumbnail }) => thumbnail !== '').slice(0, PICTURES_SHOWN);
  const all: Embedded[] = [];
  for (const picture of shown) {
    const bytes = await readFile(join(output, folder, picture.thumbnail)).catch(() => undefined);
    if (bytes === undefined) continue;
    all.push({ picture, source: `data:image/png;base64,${bytes.toString('base64')}` });
  }
  return all;
}

const HOW_TO_READ =
  'Each cell has an outline; colours only help to see neighbours apart. Pictures of images longer than ' +
  '512 pixels show the part around the middle of their cells: click for the whole.';

function foot(hasPictures: boolean): Html {
  return markup`</main>
<footer>${hasPictures ? HOW_TO_READ : ''}</footer>
</body>
</html>
`;
}
