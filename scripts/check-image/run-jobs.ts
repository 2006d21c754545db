/*
 * Runs jobs through a consumer in a container: `node run-jobs.ts COMMAND …`, where COMMAND … starts the container in the
 * foreground and `{}` in it stands for the options that it needs. Redis and the model server run outside of it.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startModels } from '../demo/processes.ts';
import { makeSamples } from '../demo/samples.ts';
import { type Submitted, submitJobs } from '../demo/submit-jobs.ts';
import { watchJobs } from '../demo/watch-jobs.ts';
import { startRedis } from '../start-redis.ts';

interface Services {
  readonly redisPort: number;
  readonly modelPort: number;
  /** Holds the folder `bucket`. */
  readonly folder: string;
}

await using started = new AsyncDisposableStack();
const redis = started.adopt(await startRedis(), (server) => server.close());
const models = started.adopt(await startModels(), (server) => server.close());
const home = started.adopt(await openHome(), (path) => rm(path, { recursive: true }));
const services = { redisPort: redis.port, modelPort: models.port, folder: home };
const NAME = `image-jobs-${process.pid}`;
const submitted = await submitJobs(makeSamples(), {
  ...services,
  queue: 'segmentation',
  fields: { channels: '0,' },
});
const container = startContainer(services);
started.defer(() => void container.kill('SIGKILL'));
const ended = once(container, 'exit');
const wrong = await Promise.race([wrongJobs(submitted, services), ended.then(tooEarly)]);
console.log(`The consumer took ${peakMemory()} at most.`);
container.kill('SIGTERM');
const [code] = await ended;
console.log(`The container ended with code ${code} after SIGTERM.`);
process.exitCode = wrong.length > 0 || code !== 0 ? 1 : 0;

/** A folder with a bucket that the user of the container can write to. */
async function openHome(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'image-jobs-'));
  for (const path of ['bucket', 'bucket/uploads']) {
    await mkdir(join(folder, path));
    await chmod(join(folder, path), 0o777);
  }
  return folder;
}

function startContainer({ redisPort, modelPort, folder }: Services): ChildProcess {
  const environment = {
    CONSUMER_TYPE: 'segmentation',
    QUEUE: 'segmentation',
    HOSTNAME: 'container',
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: redisPort,
    TF_HOST: '127.0.0.1',
    TF_PORT: modelPort,
    STORAGE_BUCKET: 'file:///data',
    HTTP_PORT: 0,
  };
  const options = [
    '--name',
    NAME,
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    '--volume',
    `${join(folder, 'bucket')}:/data`,
  ];
  const [command = '', ...words] = process.argv.slice(2);
  const filled = words.flatMap((word) => (word === '{}' ? options : [word]));
  return spawn(command, filled, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The most memory that the process has had resident, as Linux tells it. */
function peakMemory(): string {
  const [command = '', ...words] = process.argv.slice(2);
  const engine = words.slice(0, words.indexOf('run'));
  const status = execFileSync(command, [...engine, 'exec', NAME, 'cat', '/proc/1/status']);
  const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(status.toString()) ?? [];
  return `${Math.round(Number(kibibytes) / 1024)} MiB`;
}

/** Waits for the jobs, and names those that did not end as they were meant to. */
async function wrongJobs(jobs: readonly Submitted[], { redisPort }: Services): Promise<string[]> {
  const finished = await watchJobs(jobs, { redisPort });
  const surprises = finished.filter(
    ({ sample, fields }) => fields['status'] !== (sample.broken ? 'failed' : 'done'),
  );
  for (const { sample, fields } of surprises) {
    console.error(`${sample.name}: ${fields['status']} ${fields['reason'] ?? ''}`);
  }
  return surprises.map(({ key }) => key);
}

function tooEarly(): never {
  throw new Error('The container ended before the jobs did.');
}
