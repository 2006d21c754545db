import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KnownError } from '../../errors.ts';
import { variablesBut } from '../../config/load.ts';
import { type OwnProcess, startOwnProcess } from './own-process.ts';
import { startPrivateRedis } from './private-redis.ts';

/** Everything that jobs need, on this machine and for one command alone. */
export interface PrivateDeployment {
  /** Variables with which Redis and the bucket are found. */
  readonly environment: Readonly<Record<string, string>>;
  /** Why a part of it has ended by itself, once one has: `part_ended`. */
  readonly broken: Promise<KnownError>;
}

interface Wanted {
  readonly workflow: string;
  readonly hasArchives: boolean;
  /** HOST:PORT of a model server; the stand-in if absent. */
  readonly models: readonly [host: string, port: string] | undefined;
  /** Where the log goes, and for the time being the bucket. */
  readonly output: string;
}

/** Whose jobs the jobs of a workflow are made of. */
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  polaris: ['spot', 'segmentation', 'mesmer'],
  caliban: ['segmentation'],
};
/** Variables that say where things are: here they are ours. */
const PLACES =
  /^(REDIS_|TF_|STORAGE_|AWS_|GCS_|GCLOUD_|CLOUD_|HTTP_|HEALTH_|QUEUE$|CONSUMER|HOSTNAME$|LOG_|OTEL_)/;

/** Starts Redis, the stand-in for the models if that is wanted, and a consumer for a workflow and those it needs. What was started is ended with `open`, last first. */
export async function startPrivately(
  { workflow, hasArchives, models, output }: Wanted,
  open: AsyncDisposableStack,
): Promise<PrivateDeployment> {
  const log = join(output, 'local.log');
  const bucket = await mkdtemp(join(resolve(output), '.kiosk-local-'));
  open.defer(() => rm(bucket, { recursive: true, force: true }));
  const inherited = variablesBut(PLACES);
  const server = models === undefined ? startStandIn(log, inherited, open) : undefined;
  const redis = await startPrivateRedis();
  open.defer(() => redis.close());
  const standIn = await server;
  const [tfHost, tfPort] = models ?? ['127.0.0.1', standIn?.said ?? ''];
  const environment = {
    ...inherited,
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(redis.port),
    TF_HOST: tfHost,
    TF_PORT: tfPort,
    STORAGE_BUCKET: pathToFileURL(bucket).href,
    SEGMENTATION_QUEUE: 'segmentation',
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
    LOG_FORMAT: 'human',
  };
  const children = CHILDREN[workflow] ?? [];
  const served = [workflow, ...children, ...(hasArchives ? [`zip:${workflow}`] : [])];
  const consumer = await startOwnProcess({
    name: 'The consumer',
    words: ['run'],
    environment: { ...environment, CONSUMERS: served.join(','), HOSTNAME: 'local' },
    ready: /(Taking jobs from)/,
    log,
  });
  open.defer(() => consumer.close());
  const parts = [consumer.over, redis.over, ...(standIn ? [standIn.over] : [])];
  return { environment, broken: Promise.race(parts) };
}

async function startStandIn(
  log: string,
  environment: Readonly<Record<string, string>>,
  open: AsyncDisposableStack,
): Promise<OwnProcess> {
  const words = ['model-server', '--port', '0'];
  const ready = /listening on .*:(\d+)/;
  const name = 'The model server';
  const server = await startOwnProcess({ name, words, environment, ready, log });
  open.defer(() => server.close());
  return server;
}
