import { JOB_KINDS } from '../harness/job-kinds.ts';
import type { Deployment } from '../harness/deployment.ts';
import { cpuSeconds } from '../harness/process-usage.ts';
import { RedisTrace } from '../harness/redis-trace.ts';

const SIZE = 64;
const FILE = 'upload/small.tif';
const JOBS = 300;

/** What a job takes that holds hardly any image. */
export interface Overhead {
  readonly what: string;
  /** Milliseconds of processor time. */
  readonly cpuMs: number;
  /** Commands that the consumer sends to Redis; a script is one. */
  readonly sent: number;
  /** These, and those that scripts call. */
  readonly executed: number;
}

/** A job whose object is missing, and one on an image of 64 × 64 pixels. */
export async function measureOverhead(deployment: Deployment): Promise<Overhead[]> {
  const [kind] = JOB_KINDS;
  if (kind === undefined) throw new Error('There is no kind of job to measure.');
  await deployment.upload(FILE, kind.image(SIZE));
  const consumer = await deployment.startConsumer({
    kind,
    name: 'overhead',
    environment: { NUCLEAR_MODEL: 'SmallSegmentation:1' },
  });
  const rows: Overhead[] = [];
  for (const [what, work] of [
    ['missing object', { file: 'upload/missing.tif', status: 'failed' }],
    [`nuclear ${SIZE}²`, { file: FILE, status: 'done' }],
  ] as const) {
    await deployment.workWith([consumer], { ...work, count: JOBS });
    const before = cpuSeconds(consumer.process.pid);
    await deployment.workWith([consumer], { ...work, count: JOBS });
    const cpuMs = (1000 * (cpuSeconds(consumer.process.pid) - before)) / JOBS;
    const trace = await RedisTrace.open(deployment.redisPort);
    await deployment.workWith([consumer], { ...work, count: JOBS });
    trace.stop();
    const { sent, executed } = trace.counts();
    rows.push({ what, cpuMs, sent: sent / JOBS, executed: executed / JOBS });
  }
  await deployment.stopConsumer(consumer);
  return rows;
}
