import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CASES, MAIN_SIZE } from './e2e/cases.ts';
import { IMAGE_FILE } from './e2e/limit.ts';
import { machine } from './e2e/report.ts';
import { benchmarkPage, table } from './harness/benchmark-page.ts';
import { Deployment } from './harness/deployment.ts';
import { startS3Store } from './harness/s3-store.ts';
import { type TuningRow, measurePod } from './tuning/measure-pod.ts';
import { PODS } from './tuning/variants.ts';

const FOLDER = new URL('../docs/benchmarks/', import.meta.url);

/**
 * Measures what settings gain in pods of several sizes: nuclear jobs of 1024² with 100 ms a call, in a control group of Linux, with one
 * setting at a time and with none. Needs root. Writes docs/benchmarks/tuning.md and .json. `--latency 100`; `--cores 0.3` measures only the
 * pods with 0.3 cores.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { latency: { type: 'string', default: '100' }, cores: { type: 'string' } },
  });
  const image = CASES.find(({ name }) => name === `nuclear-${MAIN_SIZE}`)?.kind.image(MAIN_SIZE);
  const pods = PODS.filter(
    ({ cores }) => values.cores === undefined || cores === Number(values.cores),
  );
  const rows: TuningRow[] = [];
  for (const pod of pods) {
    const deployment = await Deployment.open({
      latencyMs: Number(values.latency),
      openStore: startS3Store,
    });
    try {
      await deployment.upload(IMAGE_FILE, image ?? new Uint8Array());
      rows.push(...(await measurePod(deployment, pod)));
    } finally {
      await deployment.close();
    }
    console.log(tuningTable(rows));
  }
  if (values.cores === undefined) await save(rows);
}

async function save(rows: readonly TuningRow[]): Promise<void> {
  const head = await machine();
  const page = await benchmarkPage('What settings gain', 'tuning', head, [
    'Nuclear jobs of 1024², 100 ms a call, in pods of several sizes; Redis, the S3 store and the model server share the machine. *Of none* is the rate as a share of that without any setting, measured right before and after.',
    tuningTable(rows),
  ]);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(
    new URL('tuning.json', FOLDER),
    `${JSON.stringify({ ...head, rows }, null, 2)}\n`,
  );
  await writeFile(new URL('tuning.md', FOLDER), page);
}

function tuningTable(rows: readonly TuningRow[]): string {
  return table(
    ['cores', 'MiB', 'setting', 'images/s', 'of none', 'peak MiB', 'killed'],
    rows.map((row) => [
      row.cores,
      row.memoryMiB,
      row.setting,
      row.imagesPerSecond.toFixed(2),
      `${(100 * row.ofDefault).toFixed(0)} %`,
      row.peakMiB.toFixed(0),
      row.kills,
    ]),
  );
}
