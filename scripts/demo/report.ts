import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { stemOf } from './scenes/outlines.ts';
import type { Kept, ResultFiles, Scene } from './scenes/scene.ts';
import type { Finished } from './watch-jobs.ts';

const TIMES = [
  'download_time',
  'preprocess_time',
  'prediction_time',
  'postprocess_time',
  'upload_time',
  'total_time',
];

interface Place {
  readonly folder: string;
  readonly metrics: string;
  readonly keep: Scene['keep'];
}

/** Shows a table and writes results, pictures and metrics into the folder. Returns how many jobs ended otherwise than they should. */
export async function writeReport(
  jobs: readonly Finished[],
  { folder, metrics, keep }: Place,
): Promise<number> {
  const kept: Kept[] = [];
  await mkdir(join(folder, 'results'), { recursive: true });
  await mkdir(join(folder, 'overlays'), { recursive: true });
  for (const job of jobs) kept.push(await keepResult(job, { folder, keep }));
  await writeFile(join(folder, 'metrics.txt'), metrics);
  console.log();
  console.table(jobs.map((job, at) => ({ ...rowOf(job), ...kept[at]?.columns })));
  for (const { text } of kept) if (text !== undefined) console.log(`\n${text}`);
  for (const { sample, fields } of jobs) {
    if (fields['status'] === 'failed')
      console.log(`${sample.name} failed: ${fields['reason'] ?? ''}`);
  }
  const stages = metrics
    .split('\n')
    .filter(
      (line) =>
        /^kiosk_(jobs_total|stage_duration_seconds_(sum|count))/.test(line) && !line.endsWith(' 0'),
    );
  console.log(`\nSome of its metrics (all are in metrics.txt):\n  ${stages.join('\n  ')}`);
  console.log(
    `\nResults, overlays with the outlines of the cells, the log and the metrics are in ${folder}`,
  );
  return jobs.filter(({ sample, fields }) => (fields['status'] === 'failed') !== sample.broken)
    .length;
}

function rowOf({ sample, fields }: Finished): Record<string, string | number> {
  const times = TIMES.filter((name) => Number.isFinite(Number(fields[name])));
  const seconds = times.map((name): [string, number] => [
    name.replace('_time', ' s'),
    Number(Number(fields[name]).toFixed(3)),
  ]);
  return { file: sample.name, status: fields['status'] ?? '', ...Object.fromEntries(seconds) };
}

/** Copies the result, and has its pictures drawn and its cells counted. */
async function keepResult(
  job: Finished,
  { folder, keep }: Pick<Place, 'folder' | 'keep'>,
): Promise<Kept> {
  const { sample, fields } = job;
  if (fields['status'] !== 'done') return { columns: {} };
  const zip = await readFile(join(folder, 'bucket', fields['output_file_name'] ?? ''));
  await writeFile(join(folder, 'results', `${stemOf(sample.name)}.zip`), zip);
  return keep(job, await entriesOf(zip), folder);
}

async function entriesOf(bytes: Buffer): Promise<ResultFiles> {
  const zip = await fromBufferPromise(bytes);
  const files = new Map<string, Uint8Array>();
  for await (const entry of zip.eachEntry()) {
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return files;
}
