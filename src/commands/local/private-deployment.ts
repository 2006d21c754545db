import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KnownError } from '../../errors.ts';
import { modelId } from '../../adapters/model-server/model-id.ts';
import { variablesBut } from '../../config/load.ts';
import { type OwnProcess, startOwnProcess } from './own-process.ts';
import type { Models } from './models/read-models.ts';
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
  readonly models: Models;
  /** Files of authors' workflows, whose test models are served too. */
  readonly modules: readonly string[];
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

/**
 * Starts Redis, the stand-in for the models if that is wanted, and a consumer for a workflow and those it
 * needs. What was started is ended with `open`, last first.
 */
export async function startPrivately(
  { workflow, hasArchives, models, modules, output }: Wanted,
  open: AsyncDisposableStack,
): Promise<PrivateDeployment> {
  const log = join(output, 'local.log');
  const bucket = await mkdtemp(join(resolve(output), '.kiosk-local-'));
  open.defer(() => rm(bucket, { recursive: true, force: true }));
  const inherited = variablesBut(PLACES);
  const redis = await startPrivateRedis();
  open.defer(() => redis.close());
  const server =
    models.kind === 'server'
      ? undefined
      : await startModels(models, { log, inherited, modules }, open);
  const { host, port } =
    models.kind === 'server' ? models : { host: '127.0.0.1', port: server?.said ?? '' };
  const environment = {
    ...inherited,
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(redis.port),
    ...(models.kind === 'onnx' ? forOneMachine(inherited) : {}),
    TF_HOST: host,
    TF_PORT: port,
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
  const parts = [consumer.over, redis.over, ...(server ? [server.over] : [])];
  return { environment, broken: Promise.race(parts) };
}

/** Rows of a call: a file's tiles are computed one at a time, so that more rows only make calls last longer. */
const ROWS = '4';

/** What a model that may need seconds for a tile wants of the consumer. */
function forOneMachine(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { TF_MAX_BATCH_SIZE: ROWS, GRPC_TIMEOUT: given['GRPC_TIMEOUT'] ?? '600' };
}

interface Surroundings {
  readonly log: string;
  readonly inherited: Readonly<Record<string, string>>;
  readonly modules: readonly string[];
}

/** A server of this program for the stand-ins or for ONNX files. */
async function startModels(
  models: Exclude<Models, { readonly kind: 'server' }>,
  { log, inherited: environment, modules }: Surroundings,
  open: AsyncDisposableStack,
): Promise<OwnProcess> {
  const files = models.kind === 'onnx' ? models.files : [];
  const onnx = files.flatMap((one) => ['--onnx', `${modelId(one)}=${one.file}`]);
  const one = files.length > 0 ? ['--parallel-batches', '1'] : [];
  const own = files.length > 0 ? [] : modules.flatMap((file) => ['--workflow', file]);
  const words = ['model-server', '--port', '0', ...onnx, ...one, ...own];
  const ready = /listening on .*:(\d+)/;
  const name = 'The model server';
  const server = await startOwnProcess({ name, words, environment, ready, log });
  open.defer(() => server.close());
  return server;
}
