import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../predict/row.ts';
import { Fleet } from './fleet.ts';
import { MeasuredRedis, type RedisLoad } from './measured-redis.ts';

const QUEUE = 'scale';
const WORK_MS = 1000;
const IDLE_MS = 10_000;
const JOBS_PER_SECOND = 50;
const STEADY_SECONDS = 15;
const AWAY_MS = 5000;
const POLL_MS = 100;
/** Between two looks at all jobs. */
const LOOK_MS = 500;
const PATIENCE_MS = 180_000;

/** What a number of pods cost one Redis, and how long their jobs wait. */
export interface PodsRow {
  readonly pods: number;
  readonly connections: number;
  /** No job at all. */
  readonly idle: RedisLoad;
  /** Fifty jobs a second. */
  readonly steady: RedisLoad;
  /** Milliseconds from submission to claim, half of the jobs and 99 of 100, at fifty a second. */
  readonly queuedMs: { readonly p50: number; readonly p99: number };
  /** Four jobs a pod at once: seconds until all are claimed. */
  readonly burstSeconds: number;
  /** Redis killed for five seconds in the middle of twelve jobs a pod: seconds from its start until all are done. */
  readonly failoverSeconds: number;
  /** Jobs of the failover that did not end as done once. */
  readonly lost: number;
  /** Percent of a core that the simulation itself took at fifty jobs a second. */
  readonly simulationPercent: number;
}

/** Runs simulated pods against a real Redis: idle, under a steady load, a burst, and a failover. */
export async function measurePods(pods: number): Promise<PodsRow> {
  const redis = await MeasuredRedis.open();
  const fleet = new Fleet({ pods, queue: QUEUE, workMs: WORK_MS }, redis.port);
  try {
    await until(async () => (await fleet.report()).ready === pods);
    await sleep(2000);
    const connections = await redis.connections();
    const idle = await redis.during(sleep(IDLE_MS));
    const steady = await measureSteady(redis, fleet);
    const burstSeconds = await measureBurst(redis, fleet, 4 * pods);
    const failover = await measureFailover(redis, 12 * pods);
    return { pods, connections: connections - 1, idle, ...steady, burstSeconds, ...failover };
  } finally {
    await fleet.close();
    await redis.close();
  }
}

type Steady = Pick<PodsRow, 'steady' | 'queuedMs' | 'simulationPercent'>;

async function measureSteady(redis: MeasuredRedis, fleet: Fleet): Promise<Steady> {
  const cpuBefore = fleet.cpuSeconds;
  const steady = await redis.during(submitSteadily(redis));
  const simulationPercent = (100 * (fleet.cpuSeconds - cpuBefore)) / STEADY_SECONDS;
  const count = JOBS_PER_SECOND * STEADY_SECONDS;
  const waits: number[] = [];
  await until(async () => {
    const { done, queuedMs } = await fleet.report();
    waits.push(...queuedMs);
    return done >= count;
  });
  const queuedMs = { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) };
  return { steady, queuedMs, simulationPercent };
}

async function submitSteadily(redis: MeasuredRedis): Promise<void> {
  const start = performance.now();
  for (let job = 0; job < JOBS_PER_SECOND * STEADY_SECONDS; job++) {
    await sleep(Math.max(0, start + (1000 * job) / JOBS_PER_SECOND - performance.now()));
    await submit(redis, [`steady:${job}`]);
  }
}

async function measureBurst(redis: MeasuredRedis, fleet: Fleet, jobs: number): Promise<number> {
  const { started, done } = await fleet.report();
  await submit(redis, named('burst', jobs));
  const start = performance.now();
  await until(async () => (await fleet.report()).started >= started + jobs);
  const seconds = (performance.now() - start) / 1000;
  await until(async () => (await fleet.report()).done >= done + jobs);
  return seconds;
}

async function measureFailover(
  redis: MeasuredRedis,
  jobs: number,
): Promise<Pick<PodsRow, 'failoverSeconds' | 'lost'>> {
  const keys = named('failover', jobs);
  await submit(redis, keys);
  // So that the disk has them.
  await sleep(1500);
  await redis.restart(AWAY_MS);
  const start = performance.now();
  const { lost } = await untilSettled(redis, keys);
  return { failoverSeconds: (performance.now() - start) / 1000, lost };
}

async function untilSettled(
  { client }: MeasuredRedis,
  keys: readonly string[],
): Promise<{ readonly lost: number }> {
  let open = keys.length;
  const end = performance.now() + PATIENCE_MS;
  while (open > 0 && performance.now() < end) {
    await sleep(LOOK_MS);
    const batch = client.pipeline();
    for (const key of keys) batch.hget(key, 'status');
    const answers = (await batch.exec().catch(() => undefined)) ?? [];
    if (answers.length > 0) open = answers.filter(([, status]) => status !== 'done').length;
  }
  return { lost: open };
}

function named(what: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${what}:${index}`);
}

async function submit({ client }: MeasuredRedis, keys: readonly string[]): Promise<void> {
  const batch = client.pipeline();
  const created_at = new Date().toISOString();
  for (const key of keys) {
    batch.hset(key, { status: 'new', created_at, input_file_name: 'upload/a.tif' });
    batch.lpush(QUEUE, key);
  }
  await batch.exec();
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('The simulated pods do not get on.');
    await sleep(POLL_MS);
  }
}
