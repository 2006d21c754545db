import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { withFolders } from '../../src/commands/submit/find-files.ts';
import { unpack } from '../../src/commands/submit/unpack.ts';
import { recordOf } from '../../src/results/record.ts';
import { remedyOf } from '../../src/results/remedy.ts';
import { ResultsFolder } from '../../src/results/results-folder.ts';
import type { Sample } from './samples.ts';
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
  readonly scene: Scene;
}

/** Shows a table and writes results, pictures and metrics into the folder. Returns how many jobs ended otherwise than they should. */
export async function writeReport(
  jobs: readonly Finished[],
  { folder, metrics, scene }: Place,
): Promise<number> {
  await rm(join(folder, 'results'), { recursive: true, force: true });
  for (const name of ['results', 'images']) await mkdir(join(folder, name), { recursive: true });
  const kept = await keepResults(jobs, { folder, scene });
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
    `\nResults, the log and the metrics are in ${folder}. To look at them, open ${join(folder, 'results', 'index.html')}`,
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

/** Leaves what `submit` leaves, and has the scene draw what else it shows. */
async function keepResults(
  jobs: readonly Finished[],
  { folder, scene }: Pick<Place, 'folder' | 'scene'>,
): Promise<Kept[]> {
  const output = join(folder, 'results');
  const options = { queue: scene.queue, files: jobs.length, overlays: true };
  const results = new ResultsFolder({ ...options, output, now: () => systemClock.now() });
  const members = await written(scene.members ?? [], folder);
  const names = jobs.map(({ sample: { name } }) => ({ path: name, name }));
  const folders = withFolders(names).map((file) => file.folder);
  const kept: Kept[] = [];
  for (const [at, job] of jobs.entries()) {
    const { key, sample, fields } = job;
    const { error_code: code = '', reason = '' } = fields;
    const [source] = await written([sample], folder);
    const file = sample.name;
    if (fields['status'] !== 'done') {
      const remedy = remedyOf(code);
      results.add(recordOf({ file, key, status: 'failed', code, reason, remedy }));
      kept.push({ columns: {} });
      continue;
    }
    const archive = join(folder, 'bucket', fields['output_file_name'] ?? '');
    const own = folders[at] ?? file;
    const { names: entries, renamed } = await unpack(archive, join(output, own));
    const found = { folder: own, entries, renamed };
    const done = { file, image: source?.path, ...found, key, fields, members };
    const { cells } = await results.done(done);
    const more = await scene.keep(job, await entriesOf(await readFile(archive)), folder);
    kept.push({ ...more, columns: { ...(cells !== null && { cells }), ...more.columns } });
  }
  await results.close();
  return kept;
}

/** Puts samples where their results are made from. */
async function written(
  samples: readonly Sample[],
  folder: string,
): Promise<{ path: string; name: string }[]> {
  return Promise.all(
    samples.map(async ({ name, bytes }) => {
      const path = join(folder, 'images', name);
      await writeFile(path, bytes);
      return { path, name };
    }),
  );
}

async function entriesOf(bytes: Buffer): Promise<ResultFiles> {
  const zip = await fromBufferPromise(bytes);
  const files = new Map<string, Uint8Array>();
  for await (const entry of zip.eachEntry()) {
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return files;
}
