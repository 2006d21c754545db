import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CASES, type Case, MAIN_SIZE } from './e2e/cases.ts';
import { measureLimit } from './e2e/limit.ts';
import { measureLoad } from './e2e/measure-load.ts';
import { measureLone } from './e2e/measure-lone.ts';
import { measureOverhead } from './e2e/measure-overhead.ts';
import { IMAGE_FILE } from './e2e/limit.ts';
import { chartOf } from './e2e/chart.ts';
import { measureZips } from './e2e/measure-zip.ts';
import { pageOf } from './e2e/page.ts';
import { type CaseResult, type Report, machine, showCase, showLone } from './e2e/report.ts';
import { yardstick } from './e2e/yardstick.ts';
import { readReport, writePicture, writeReport } from './harness/benchmark-page.ts';
import { Deployment } from './harness/deployment.ts';
import { startS3Store } from './harness/s3-store.ts';
import { show, showHeader } from './parents/row.ts';
import { median } from './predict/row.ts';

/**
 * Measures whole jobs: consumers as the container image starts them, beside a real Redis, an S3 store and a model server that
 * answers at once or after a fixed time, each in a process of its own. Every result is compared with that of the single image,
 * byte by byte. Without `--only` it writes docs/benchmarks/<date>.md and .json; with `--add` it keeps what these have of other cases.
 *
 * `--only nuclear-1024` (or a beginning, or `lone`, or `zip`), `--jobs N` jobs a round, `--latency 0,100,300` milliseconds a call and `--processes 1,2`, both in
 * full at 1024² and otherwise the first, `--json FILE`.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      only: { type: 'string' },
      add: { type: 'boolean', default: false },
      jobs: { type: 'string' },
      latency: { type: 'string', default: '0,100,300' },
      processes: { type: 'string', default: '1,2' },
    },
  });
  const { only = '' } = values;
  const plan: Plan = {
    ...(values.jobs !== undefined && { jobs: Number(values.jobs) }),
    latencies: values.latency.split(',').map(Number),
    processes: values.processes.split(',').map(Number),
  };
  const head = await machine();
  const earlier = values.add ? await readReport<Report>(head.date) : {};
  let report: Report = { cases: [], ...earlier, ...head };
  // After each part: a run that is broken off is not lost.
  const save = async (): Promise<void> => {
    if (values.json !== undefined) await writeFile(values.json, JSON.stringify(report, null, 2));
    if (only === '' || values.add) await writePage(report);
  };
  if ('lone'.startsWith(only)) {
    report = { ...report, ...(await measureLittle()) };
    showLone(report);
    await save();
  }
  if ('zip'.startsWith(only)) {
    showHeader();
    report = { ...report, zips: (await measureZips()).map(show) };
    await save();
  }
  for (const one of CASES.filter(({ name }) => name.startsWith(only))) {
    const measured = showCase(await measureCase(one, plan));
    const others = report.cases.filter(({ name }) => name !== one.name);
    report = { ...report, cases: [...others, measured] };
    await save();
  }
}

/** docs/benchmarks/<date>.md and .json, and the chart of the README. */
async function writePage(report: Report): Promise<void> {
  await writeReport(report.date, report, await pageOf(report));
  await writePicture('processor-time.svg', chartOf(report));
}

interface Plan {
  readonly jobs?: number;
  readonly latencies: readonly number[];
  readonly processes: readonly number[];
}

/** The limit of a case, and its loads: all of them at the main size, else the first. */
async function measureCase(one: Case, { jobs = one.jobs, ...plan }: Plan): Promise<CaseResult> {
  const [latency = 0] = plan.latencies;
  const [processes = 1] = plan.processes;
  const others = [
    ...plan.latencies.slice(1).map((ms) => ({ latencyMs: ms, processes })),
    ...plan.processes.slice(1).map((count) => ({ latencyMs: latency, processes: count })),
  ];
  const loads = [{ latencyMs: latency, processes }, ...(one.size === MAIN_SIZE ? others : [])];
  const factors = [await yardstick()];
  const measured: CaseResult['loads'][number][] = [];
  let steps = {};
  for (const load of loads) {
    const deployment = await Deployment.open({ ...load, openStore: startS3Store });
    try {
      await deployment.upload(IMAGE_FILE, one.kind.image(one.size));
      const limit = await measureLimit(one.kind, one.size, deployment.modelPort);
      if (load === loads[0]) steps = limit.steps;
      measured.push(await measureLoad(one, { ...load, deployment, jobs, archive: limit.archive }));
    } finally {
      await deployment.close();
    }
    factors.push(await yardstick());
  }
  const known = factors.filter((factor) => factor !== undefined);
  return {
    name: one.name,
    reference: one.reference,
    // The speed of a shared machine changes within a minute.
    yardstick: known.length > 0 ? median(known) : undefined,
    steps,
    loads: measured,
  };
}

async function measureLittle(): Promise<Pick<Report, 'lone' | 'overheads'>> {
  const main = CASES.find(({ size }) => size === MAIN_SIZE);
  if (main === undefined) return {};
  const deployment = await Deployment.open({ openStore: startS3Store });
  try {
    await deployment.upload(IMAGE_FILE, main.kind.image(main.size));
    const { archive, steps } = await measureLimit(main.kind, main.size, deployment.modelPort);
    const lone = await measureLone(main, deployment, archive);
    return { lone: { ...lone, steps }, overheads: await measureOverhead(deployment) };
  } finally {
    await deployment.close();
  }
}
