import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, Deployment } from '../harness/deployment.ts';
import { cpuSeconds } from '../harness/process-usage.ts';
import { type JobTimes, RedisTrace } from '../harness/redis-trace.ts';
import { median, quantile } from '../predict/row.ts';
import type { Case } from './cases.ts';
import { IMAGE_FILE } from './limit.ts';

const LONE_JOBS = 40;
const IDLE_SECONDS = 20;
/** V8 collects garbage of the last jobs once more, on each thread, up to so long after them: that is not idling. */
const SETTLED_MS = 25_000;

/** How a consumer does with little to do. */
export interface Lone {
  /** From the start of the process until it takes jobs. */
  readonly readyMs: number;
  /** From submission to done, of the first job of a process. */
  readonly firstMs: number;
  readonly startedMs: Spread;
  readonly doneMs: Spread;
  /** Percent of a core without a job. */
  readonly idlePercent: number;
}

export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

/** Jobs one at a time on a new consumer, and then none. */
export async function measureLone(
  { kind }: Case,
  deployment: Deployment,
  archive: Uint8Array,
): Promise<Lone> {
  const start = performance.now();
  const consumer = await deployment.startConsumer({ kind, name: 'lone' });
  const readyMs = performance.now() - start;
  const [first] = await traced(deployment, consumer, archive, 1);
  const jobs = await traced(deployment, consumer, archive, LONE_JOBS);
  const idlePercent = await idle(consumer);
  await deployment.stopConsumer(consumer);
  return {
    readyMs,
    firstMs: first?.doneMs ?? NaN,
    startedMs: spread(jobs.map(({ startedMs }) => startedMs)),
    doneMs: spread(jobs.map(({ doneMs }) => doneMs)),
    idlePercent,
  };
}

/** Runs `jobs` jobs, one after another. */
async function traced(
  deployment: Deployment,
  consumer: Consumer,
  archive: Uint8Array,
  count: number,
): Promise<JobTimes[]> {
  const trace = await RedisTrace.open(deployment.redisPort);
  for (let job = 0; job < count; job++) {
    await deployment.workWith([consumer], { file: IMAGE_FILE, count: 1, archive });
  }
  trace.stop();
  return trace.jobs();
}

async function idle({ process: { pid } }: Consumer): Promise<number> {
  await sleep(SETTLED_MS);
  const before = cpuSeconds(pid);
  await sleep(1000 * IDLE_SECONDS);
  return (100 * (cpuSeconds(pid) - before)) / IDLE_SECONDS;
}

function spread(values: readonly number[]): Spread {
  return { p50: median(values), p99: quantile(values, 0.99) };
}
