/*
 * `npm run demo [-- image … | --zip | --movie | --spots]`: the whole consumer on this machine, with a real Redis, real gRPC, and a folder as bucket.
 * Renders fields of nuclei, or takes the images named, or renders an archive, a movie or cells with spots; shows what came out. See the README.
 */
import { join } from 'node:path';
import { startRedis } from './start-redis.ts';
import { startConsumer, startModels } from './demo/processes.ts';
import { makeSamples, takeFiles } from './demo/samples.ts';
import { submitJobs } from './demo/submit-jobs.ts';
import { watchJobs } from './demo/watch-jobs.ts';
import { writeReport } from './demo/report.ts';
import { imagesScene } from './demo/scenes/images.ts';
import { movieScene } from './demo/scenes/movie.ts';
import type { Scene } from './demo/scenes/scene.ts';
import { spotsScene } from './demo/scenes/spots.ts';
import { zipScene } from './demo/scenes/zip.ts';
import { messageOf } from '../src/errors.ts';

const folder = join(process.cwd(), 'demo-output');
const closers: (() => Promise<void>)[] = [];
let closing: Promise<void> | undefined;

/** Ends everything that was started, last first; later calls wait for the first. */
function closeAll(): Promise<void> {
  closing ??= (async () => {
    for (const close of closers.toReversed()) await close();
  })();
  return closing;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void closeAll().then(() => process.exit(130)));
}

const SCENES: Readonly<Record<string, () => Scene | Promise<Scene>>> = {
  '--zip': zipScene,
  '--movie': movieScene,
  '--spots': spotsScene,
};

async function sceneOf(words: readonly string[]): Promise<Scene> {
  const [first = ''] = words;
  if (!first.startsWith('--')) {
    return imagesScene(words.length > 0 ? await takeFiles(words) : makeSamples());
  }
  const scene = SCENES[first];
  if (scene !== undefined && words.length === 1) return scene();
  const known = Object.keys(SCENES).join(', ');
  throw new Error(`"${words.join(' ')}" is not known: images, or one of ${known}, are.`);
}

async function demo(words: readonly string[]): Promise<number> {
  const scene = await sceneOf(words);
  const { queue, fields } = scene;
  console.log('Starting redis-server, a model server and the consumer …');
  const redis = await startRedis();
  closers.push(() => redis.close());
  const models = await startModels();
  closers.push(() => models.close());
  const surroundings = { redisPort: redis.port, modelPort: models.port, folder };
  const consumer = await startConsumer({ ...surroundings, settings: scene.settings });
  closers.push(() => consumer.close());

  const jobs = await submitJobs(scene.samples, { redisPort: redis.port, folder, queue, fields });
  const finished = await watchJobs(jobs, { redisPort: redis.port });
  const metrics = await consumer.metrics();
  const broken = await writeReport(finished, { folder, metrics, scene });
  return broken > 0 ? 1 : 0;
}

try {
  process.exitCode = await demo(process.argv.slice(2));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
} finally {
  await closeAll();
}
