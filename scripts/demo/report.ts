import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { encode } from 'fast-png';
import { fromBufferPromise } from 'yauzl';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { drawOutlines, greyPicture } from '../../src/imaging/overlay.ts';
import type { Finished } from './watch-jobs.ts';

const TIMES = [
  'download_time',
  'preprocess_time',
  'prediction_time',
  'postprocess_time',
  'upload_time',
  'total_time',
];
const NO_LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 31 };

interface Place {
  readonly folder: string;
  readonly metrics: string;
}

/** Shows a table and writes results, pictures and metrics into the folder. Returns how many jobs ended otherwise than they should. */
export async function writeReport(
  jobs: readonly Finished[],
  { folder, metrics }: Place,
): Promise<number> {
  const rows: Record<string, string | number>[] = [];
  await mkdir(join(folder, 'results'), { recursive: true });
  await mkdir(join(folder, 'overlays'), { recursive: true });
  for (const job of jobs) rows.push(await reportJob(job, folder));
  await writeFile(join(folder, 'metrics.txt'), metrics);
  console.log();
  console.table(rows);
  for (const { sample, fields } of jobs) {
    if (fields['status'] === 'failed')
      console.log(`${sample.name} failed: ${fields['reason'] ?? ''}`);
  }
  const stages = metrics
    .split('\n')
    .filter((line) => /^kiosk_(jobs_total|stage_duration_seconds_(sum|count))/.test(line));
  console.log(`\nSome of its metrics (all are in metrics.txt):\n  ${stages.join('\n  ')}`);
  console.log(
    `\nResults, overlays with the outlines of the cells, the log and the metrics are in ${folder}`,
  );
  return jobs.filter(({ sample, fields }) => (fields['status'] === 'failed') !== sample.broken)
    .length;
}

async function reportJob(job: Finished, folder: string): Promise<Record<string, string | number>> {
  const { sample, fields } = job;
  const times = Object.fromEntries(
    TIMES.map((name) => [
      name.replace('_time', ' s'),
      Number(Number(fields[name] ?? NaN).toFixed(3)),
    ]),
  );
  const cells = fields['status'] === 'done' ? await keepResult(job, folder) : '';
  return { file: sample.name, status: fields['status'] ?? '', ...times, cells };
}

/** Copies the result, draws its outlines on the image, and counts the cells. */
async function keepResult({ sample, fields }: Finished, folder: string): Promise<number> {
  const stem = basename(sample.name, extname(sample.name));
  const zip = await readFile(join(folder, 'bucket', fields['output_file_name'] ?? ''));
  await writeFile(join(folder, 'results', `${stem}.zip`), zip);
  const labels = decodeImage({
    bytes: await firstEntry(zip),
    name: 'labels.tif',
    limits: NO_LIMITS,
  });
  const image = decodeImage({ bytes: sample.bytes, name: sample.name, limits: NO_LIMITS });
  const [rows = 0, columns = 0] = labels.shape;
  const picture = greyPicture(
    firstPlane(image.data, rows * columns, image.data.length / (rows * columns)),
  );
  drawOutlines(picture, labels.data, { rows, columns });
  const png = encode({ width: columns, height: rows, data: picture, channels: 3, depth: 8 });
  await writeFile(join(folder, 'overlays', `${stem}.png`), png);
  return labels.data.reduce((most, label) => Math.max(most, label), 0);
}

async function firstEntry(bytes: Buffer): Promise<Uint8Array> {
  const zip = await fromBufferPromise(bytes);
  for await (const entry of zip.eachEntry()) return buffer(await zip.openReadStreamPromise(entry));
  throw new Error('The result is empty.');
}

/** The first channel of an image whose channels stand side by side. */
function firstPlane(data: Float32Array, pixels: number, step: number): Float32Array {
  return Float32Array.from({ length: pixels }, (_, pixel) => data[pixel * step]);
}
