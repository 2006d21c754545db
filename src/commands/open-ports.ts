import { openBucket } from '../adapters/bucket/open-bucket.ts';
import type { KernelFact } from '../adapters/compute/facts.ts';
import { ThreadPool } from '../adapters/compute/thread-pool.ts';
import type { PredictFact } from '../adapters/model-server/facts.ts';
import { ModelServerClient } from '../adapters/model-server/model-server-client.ts';
import { modelServerEndpoints } from '../adapters/model-server/model-server-endpoints.ts';
import { DEFAULT_SCHEDULER_SETTINGS } from '../adapters/model-server/scheduler/settings.ts';
import { readSecurity } from '../adapters/model-server/security-files.ts';
import type { Security } from '../adapters/model-server/security.ts';
import { dialRedis } from '../adapters/redis/connect.ts';
import { RedisJobStore } from '../adapters/redis/redis-job-store.ts';
import { RedisMetadataCache } from '../adapters/redis/redis-metadata-cache.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import type { StagePorts } from '../flow/stage.ts';
import { batchRows } from '../imaging/batch-rows.ts';
import type { JobStore, MetadataCache } from '../ports.ts';
import type { CoreSettings } from './read-settings.ts';

export interface Ports extends StagePorts {
  readonly store: JobStore;
}

interface Opening {
  readonly core: CoreSettings;
  readonly queue: string;
  readonly hostName: string;
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  readonly onPredict: (fact: PredictFact) => void;
  readonly onKernel: (fact: KernelFact) => void;
  readonly threads: number;
}

/** A command that Redis has not answered for so long has failed. */
const COMMAND_TIMEOUT_MS = 5000;

/** Connects to everything outside, as the settings say. Waits for Redis for as long as it takes. */
export async function openPorts(opening: Opening): Promise<Ports> {
  const { core, queue, hostName, signal, warn } = opening;
  const bucket = await openBucket(bucketUrl(core), {
    gcsEndpoint: core.storageEndpoint,
    s3Endpoint: core.awsEndpoint,
    s3Region: core.awsRegion,
    warn,
  });
  const security = await securityOf(core);
  const address = `${core.redisHost}:${core.redisPort}`;
  const dial = await dialRedis(
    {
      host: core.redisHost,
      port: core.redisPort,
      username: core.redisUsername,
      password: core.redisPassword,
      tls: core.redisTls,
      reconnectMs: core.redisTimeout * 1000,
    },
    { clock, signal, onProblem: ({ message }) => warn(message) },
  );
  const commands = dial({ commandTimeout: COMMAND_TIMEOUT_MS });
  return {
    clock,
    bucket,
    store: new RedisJobStore({
      dial,
      commands,
      clock,
      address,
      queue,
      hostName,
      popSeconds: core.emptyQueueTimeout,
    }),
    models: openModels(opening, security, new RedisMetadataCache(commands)),
    compute: new ThreadPool({
      threads: opening.threads,
      onFact: opening.onKernel,
      kernelsUrl: new URL('../kernels.ts', import.meta.url),
    }),
  };
}

async function securityOf(core: CoreSettings): Promise<Security> {
  if (!core.modelServerTls) return { type: 'plain' };
  return readSecurity({
    authorities: core.modelServerCaFile,
    certificate: core.modelServerCertificateFile,
    key: core.modelServerKeyFile,
    token: core.modelServerTokenFile,
  });
}

function openModels(
  { core, onPredict }: Opening,
  security: Security,
  metadataCache: MetadataCache,
): ModelServerClient {
  const limits = { maxBatchSize: core.tfMaxBatchSize, minModelSize: core.tfMinModelSize };
  return new ModelServerClient({
    endpoints: modelServerEndpoints({
      host: core.tfHost,
      port: core.tfPort,
      protocol: core.modelServerProtocol,
      security,
      clock,
      settings: {
        connections: core.modelServerConnections,
        renewMs: core.modelServerRenew * 1000,
      },
    }),
    clock,
    random: Math.random,
    settings: {
      ...DEFAULT_SCHEDULER_SETTINGS,
      requestBytes: core.modelServerRequestBytes,
      callsPerEndpoint: core.modelServerCalls,
      lingerMs: core.modelServerLinger * 1000,
      deadlineMs: core.grpcTimeout * 1000,
      backoffMs: core.grpcBackoff * 1000,
      repeats: core.maxRetry,
    },
    maxRows: ({ inputs }) =>
      batchRows(
        inputs.map(({ shape }) => shape),
        limits,
      ),
    metadataCache,
    metadataExpireSeconds: core.metadataExpireTime,
    emit: onPredict,
  });
}

/** STORAGE_BUCKET, or what the Kiosk's oldest charts set instead. */
function bucketUrl({ storageBucket, cloudProvider, gkeBucket, awsBucket }: CoreSettings): string {
  if (storageBucket !== undefined) return storageBucket;
  if (cloudProvider === 'gke' && gkeBucket !== '') return `gs://${gkeBucket}`;
  if (cloudProvider === 'aws' && awsBucket !== '') return `s3://${awsBucket}`;
  return 's3://default-bucket';
}
