import { Deployment } from '../harness/deployment.ts';
import type { JobKind } from '../harness/job-kinds.ts';
import { RedisTrace } from '../harness/redis-trace.ts';
import { startS3Store } from '../harness/s3-store.ts';
import { CASES } from '../e2e/cases.ts';
import { IMAGE_FILE, measureLimit } from '../e2e/limit.ts';
import { type Load, measureLoad } from '../e2e/measure-load.ts';

const CASE = 'nuclear-512';
const JOBS = 48;
const TRACED_JOBS = 50;

/** Consumer processes on one queue. */
export interface ProcessesRow extends Load {
  /** Commands that a job sends to Redis, and those with what scripts call. */
  readonly sent: number;
  readonly executed: number;
}

/** Measures nuclear jobs of 512² for each number of processes and each latency, and compares every result with that of the single image. */
export async function measureProcesses(
  counts: readonly number[],
  latencies: readonly number[],
): Promise<ProcessesRow[]> {
  const one = CASES.find(({ name }) => name === CASE);
  if (one === undefined) throw new Error(`There is no case called ${CASE}.`);
  const rows: ProcessesRow[] = [];
  for (const latencyMs of latencies) {
    const deployment = await Deployment.open({ latencyMs, openStore: startS3Store });
    try {
      await deployment.upload(IMAGE_FILE, one.kind.image(one.size));
      const { archive } = await measureLimit(one.kind, one.size, deployment.modelPort);
      for (const processes of counts) {
        const load = await measureLoad(one, {
          deployment,
          processes,
          latencyMs,
          jobs: JOBS,
          archive,
        });
        rows.push({ ...load, ...(await commandsOf(deployment, one.kind, processes)) });
      }
    } finally {
      await deployment.close();
    }
  }
  return rows;
}

async function commandsOf(
  deployment: Deployment,
  kind: JobKind,
  processes: number,
): Promise<Pick<ProcessesRow, 'sent' | 'executed'>> {
  const consumers = await deployment.startConsumers(kind, `traced-${processes}`, processes);
  const trace = await RedisTrace.open(deployment.redisPort);
  await deployment.workWith(consumers, { file: IMAGE_FILE, count: TRACED_JOBS });
  trace.stop();
  const { sent, executed } = trace.counts();
  for (const consumer of consumers) await deployment.stopConsumer(consumer);
  return { sent: sent / TRACED_JOBS, executed: executed / TRACED_JOBS };
}
