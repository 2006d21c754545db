import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { ThreadPool } from '../src/adapters/compute/thread-pool.ts';
import { systemClock as clock } from '../src/adapters/system-clock.ts';
import { sharedFloat32 } from '../src/imaging/array.ts';
import { openLog } from '../src/telemetry/log/log.ts';
import { Telemetry } from '../src/telemetry/telemetry.ts';
import { readSettings } from '../src/consumer/settings/read-settings.ts';
import { tellOfJob } from './metrics/sample-facts.ts';
import type { PoolKernels } from './pool/kernels.ts';

/** More than two cores work on; an image of one megapixel takes longer than a second of one. */
const JOBS_A_SECOND = 20;
const JOBS = 20_000;
const WARM_UP = 2000;
const SCRAPES = 300;

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** Measures what telemetry costs: recording, and a scrape of all series of a consumer that has met everything. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'string' } } });
  const kernelsUrl = new URL('pool/kernels.ts', import.meta.url);
  const pool = new ThreadPool<PoolKernels>({ kernelsUrl, threads: availableParallelism() });
  const { concurrency } = await readSettings({ CONSUMER_TYPE: 'image' });
  const telemetry = openTelemetry(concurrency, pool);
  const stages = [...concurrency.keys()];
  const http = await telemetry.serve({ host: '127.0.0.1', port: 0, variable: '' });
  const rows = [
    ...recordingCost(telemetry, stages),
    ...(await scrapeCost(http.port, 'nothing else runs')),
    ...(await underLoad(pool, telemetry, { stages, port: http.port })),
  ];
  await Promise.all([http.close(), pool.close()]);
  for (const { name, value, unit } of rows) {
    console.log(`${name.padEnd(48)}${value.toFixed(2).padStart(10)} ${unit}`);
  }
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(rows, null, 2));
}

function openTelemetry(
  concurrency: ReadonlyMap<string, number>,
  pool: ThreadPool<PoolKernels>,
): Telemetry {
  const log = openLog({
    level: 'INFO',
    format: 'json',
    hostName: 'bench',
    queue: 'image',
    destination: { write: () => undefined },
  });
  const nothing = { jobs: 0, bytes: 0 };
  return new Telemetry({
    log,
    clock,
    version: '0',
    queues: [
      {
        queue: 'image',
        workflow: 'image',
        metrics: [],
        depth: async () => ({ waiting: 7, held: 3, deadLetters: 0 }),
      },
    ],
    hostName: 'bench',
    concurrency,
    permits: {
      held: nothing,
      limits: { jobs: 32, bytes: 2 ** 30 },
      isFull: false,
      isTight: false,
      waitsForMemory: { job: false, intake: false },
    },
    problems: {},
    stopping: () => false,
    stalledAfterMs: 0,
    // Each scrape is to cost what it costs.
    sharedMs: 0,
    threads: pool.load().threads,
    modelsFull: () => false,
    computeWaiting: () => pool.load().waiting,
    tracing: { listen: () => {}, idsOf: () => ({}), close: async () => {} },
  });
}

function recordingCost(telemetry: Telemetry, stages: readonly string[]): Row[] {
  for (let job = 0; job < WARM_UP; job++) tellOfJob(telemetry, stages, job);
  const before = process.cpuUsage();
  for (let job = 0; job < JOBS; job++) tellOfJob(telemetry, stages, job);
  const { user, system } = process.cpuUsage(before);
  const perJob = (user + system) / JOBS;
  return [
    { name: 'all facts of a job', value: perJob, unit: 'µs' },
    {
      name: `share of a core at ${JOBS_A_SECOND} jobs a second`,
      value: (perJob * JOBS_A_SECOND) / 10_000,
      unit: '%',
    },
  ];
}

/** What the scraper sends back. */
interface Scraped {
  readonly durations: readonly number[];
  readonly page: string;
}

async function scrapeCost(port: number, when: string): Promise<Row[]> {
  const { durations, page } = await scrapeMetrics(port);
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const series = page.split('\n').filter((line) => /^[a-z]/.test(line)).length;
  return [
    { name: `a scrape, ${when}: series`, value: series, unit: '' },
    { name: `a scrape, ${when}: text`, value: page.length / 1024, unit: 'KiB' },
    { name: `a scrape, ${when}: median`, value: at(0.5), unit: 'ms' },
    { name: `a scrape, ${when}: p99`, value: at(0.99), unit: 'ms' },
  ];
}

function scrapeMetrics(port: number): Promise<Scraped> {
  const { promise, resolve, reject } = Promise.withResolvers<Scraped>();
  const workerData = { port, scrapes: SCRAPES };
  const worker = new Worker(new URL('metrics/scraper.ts', import.meta.url), { workerData });
  worker.once('message', resolve);
  worker.once('error', reject);
  return promise;
}

interface Load {
  readonly stages: readonly string[];
  readonly port: number;
}

/** All threads of the pool are busy, and jobs go through at the rate above. */
async function underLoad(
  pool: ThreadPool<PoolKernels>,
  telemetry: Telemetry,
  { stages, port }: Load,
): Promise<Row[]> {
  const image = sharedFloat32(1024 * 1024);
  const never = new AbortController().signal;
  let number = 0;
  let over = false;
  const jobs = setInterval(() => tellOfJob(telemetry, stages, number++), 1000 / JOBS_A_SECOND);
  const caller = async (): Promise<void> => {
    while (!over) await pool.run('work', image, never);
  };
  const callers = Array.from({ length: 4 * pool.load().threads }, caller);
  const rows = await scrapeCost(port, 'all threads busy');
  over = true;
  clearInterval(jobs);
  await Promise.all(callers);
  return rows;
}
