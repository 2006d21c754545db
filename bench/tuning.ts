import { parseArgs } from 'node:util';
import { machine } from './e2e/report.ts';
import {
  benchmarkPage,
  readReport,
  table,
  writePicture,
  writeReport,
} from './harness/benchmark-page.ts';
import { curveChart } from './tuning/curve-chart.ts';
import { type TuningRow, measurePod } from './tuning/measure-pod.ts';
import { type CurvePoint, measureMemoryCurve } from './tuning/memory-curve.ts';
import { PODS } from './tuning/variants.ts';
import { withImage } from './tuning/with-image.ts';

/**
 * Measures what memory and settings gain: nuclear jobs of 1024² in control groups of Linux, with more and more memory for several times
 * that a call takes; and in pods of several sizes, 100 ms a call, with one setting at a time and with none. Needs root. Writes
 * docs/benchmarks/tuning.md, .json and .svg, where what is not measured stays. `--only memory` or `--only settings`; `--latency 100` for
 * the settings; `--cores 0.3` measures only the settings of pods with 0.3 cores, and writes nothing.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      latency: { type: 'string', default: '100' },
      cores: { type: 'string' },
    },
  });
  if (values.only !== 'settings' && values.cores === undefined) {
    await save({ curve: await measureMemoryCurve() });
  }
  if (values.only !== 'memory') {
    const rows = await measureSettings(values);
    if (values.cores === undefined) await save({ rows });
  }
}

interface Wanted {
  readonly latency: string;
  readonly cores?: string | undefined;
}

async function measureSettings(values: Wanted): Promise<TuningRow[]> {
  const pods = PODS.filter(
    ({ cores }) => values.cores === undefined || cores === Number(values.cores),
  );
  const rows: TuningRow[] = [];
  for (const pod of pods) {
    const ofPod = await withImage(Number(values.latency), (deployment) =>
      measurePod(deployment, pod),
    );
    rows.push(...ofPod);
    console.log(tuningTable(rows));
  }
  return rows;
}

interface Measured {
  readonly curve?: readonly CurvePoint[];
  readonly rows?: readonly TuningRow[];
}

/** What was measured now takes the place of what the page has; the rest stays. */
async function save(measured: Measured): Promise<void> {
  const head = await machine();
  const { curve, rows }: Measured = { ...(await readReport<Measured>('tuning')), ...measured };
  const parts = [
    ...(curve === undefined
      ? []
      : [MEMORY, '![rate by memory limit](tuning.svg)', curveTable(curve)]),
    ...(rows === undefined ? [] : ['## Settings', SETTINGS, tuningTable(rows)]),
  ];
  const page = await benchmarkPage('What memory and settings gain', 'tuning', head, parts);
  await writeReport('tuning', { ...head, curve, rows }, page);
  if (curve !== undefined) await writePicture('tuning.svg', curveChart(curve));
  console.log(page);
}

const MEMORY =
  'Nuclear jobs of 1024² in containers with two cores and no setting; Redis, the S3 store and the model server share the machine. ' +
  'The longer a call takes, the more jobs must be in flight to keep the cores busy, and each of them needs memory. *Peak* is the most ' +
  'that was charged to the container.';

const SETTINGS =
  'The same jobs, 100 ms a call, in containers of several sizes. *Of none* is the rate as a share of that without any setting, measured ' +
  'right before and after.';

function curveTable(curve: readonly CurvePoint[]): string {
  return table(
    ['ms a call', 'limit MiB', 'images/s', 'peak MiB', 'killed'],
    curve.map((point) => [
      point.latencyMs,
      point.memoryMiB,
      point.imagesPerSecond.toFixed(2),
      point.peakMiB.toFixed(0),
      point.kills,
    ]),
  );
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
