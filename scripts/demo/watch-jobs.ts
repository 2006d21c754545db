import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Submitted } from './submit-jobs.ts';

/** A job that has ended, with its hash. */
export interface Finished extends Submitted {
  readonly fields: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 120_000;
const POLL_MS = 150;

/** Waits until all jobs are done or failed, and shows how far they are on one line. */
export async function watchJobs(
  jobs: readonly Submitted[],
  { redisPort }: { readonly redisPort: number },
): Promise<Finished[]> {
  const redis = new Redis(redisPort, '127.0.0.1');
  const deadline = Date.now() + PATIENCE_MS;
  try {
    for (;;) {
      const now = await Promise.all(
        jobs.map(async (job) => ({ ...job, fields: await redis.hgetall(job.key) })),
      );
      show(now);
      if (now.every(({ fields }) => isFinished(fields))) return now;
      if (Date.now() > deadline)
        throw new Error('The jobs did not finish in time; see demo-output/consumer.log.');
      await delay(POLL_MS);
    }
  } finally {
    if (process.stdout.isTTY) process.stdout.write('\n');
    redis.disconnect();
  }
}

function isFinished(fields: Finished['fields']): boolean {
  return fields['status'] === 'done' || fields['status'] === 'failed';
}

let shown = '';

function show(jobs: readonly Finished[]): void {
  const words = jobs.map(({ sample, fields }) => {
    const percent = fields['status'] === 'done' ? '' : ` ${fields['progress'] ?? 0} %`;
    return `${sample.name}: ${fields['status'] ?? '?'}${fields['status'] === 'failed' ? '' : percent}`;
  });
  const line = words.join(' · ');
  if (line === shown) return;
  shown = line;
  if (process.stdout.isTTY)
    process.stdout.write(`\r\u001b[2K${line.slice(0, process.stdout.columns - 1)}`);
  else console.log(line);
}
