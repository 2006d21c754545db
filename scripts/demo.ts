/*
 * `npm run demo [-- image …]`: the whole consumer on this machine, with a real Redis, real gRPC, and a folder as bucket. Renders fields of nuclei, or takes
 * the images named; shows what came out. See the README.
 */
import { join } from 'node:path';
import { startRedis } from './start-redis.ts';
import { startConsumer, startModels } from './demo/processes.ts';
import { makeSamples, takeFiles } from './demo/samples.ts';
import { submitJobs } from './demo/submit-jobs.ts';
import { watchJobs } from './demo/watch-jobs.ts';
import { writeReport } from './demo/report.ts';

const folder = join(process.cwd(), 'demo-output');
const closers: (() => Promise<void>)[] = [];
let closing: Promise<void> | undefined;

/** Ends everything that was started, last first; once, whoever asks. */
function closeAll(): Promise<void> {
  closing ??= (async () => {
    for (const close of closers.toReversed()) await close();
  })();
  return closing;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void closeAll().then(() => process.exit(130)));
}

async function demo(files: readonly string[]): Promise<number> {
  const samples = files.length > 0 ? await takeFiles(files) : makeSamples();
  console.log('Starting redis-server, a model server and the consumer …');
  const redis = await startRedis();
  closers.push(() => redis.close());
  const models = await startModels();
  closers.push(() => models.close());
  const consumer = await startConsumer({ redisPort: redis.port, modelPort: models.port, folder });
  closers.push(() => consumer.close());

  const jobs = await submitJobs(samples, { redisPort: redis.port, folder });
  const finished = await watchJobs(jobs, { redisPort: redis.port });
  const metrics = await consumer.metrics();
  const broken = await writeReport(finished, { folder, metrics });
  return broken > 0 ? 1 : 0;
}

try {
  process.exitCode = await demo(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await closeAll();
}
