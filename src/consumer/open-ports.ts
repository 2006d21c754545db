import type { KernelFact } from '../facts/kernels.ts';
import { ThreadPool } from '../adapters/compute/thread-pool.ts';
import type { PredictFact } from '../facts/predict.ts';
import { RedisJobStore } from '../adapters/redis/redis-job-store.ts';
import { RedisMetadataCache } from '../adapters/redis/redis-metadata-cache.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import type { StagePorts } from '../flow/stage.ts';
import type { JobStore } from '../ports.ts';
import { openModels } from './open-models.ts';
import { COMMAND_TIMEOUT_MS, openRedis, redisAddress } from './open-redis.ts';
import { openStorage } from './open-storage.ts';
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

/** Connects to everything outside, as the settings say. Waits for Redis for as long as it takes. */
export async function openPorts(opening: Opening): Promise<Ports> {
  const { core, queue, hostName, signal, warn, onPredict } = opening;
  const bucket = await openStorage(core, warn);
  const dial = await openRedis(core, { signal, onProblem: warn });
  const commands = dial({ commandTimeout: COMMAND_TIMEOUT_MS });
  const models = await openModels({
    core,
    metadataCache: new RedisMetadataCache(commands),
    onPredict,
  });
  return {
    clock,
    bucket,
    store: new RedisJobStore({
      dial,
      commands,
      clock,
      address: redisAddress(core),
      queue,
      hostName,
      popSeconds: core.emptyQueueTimeout,
    }),
    models,
    compute: new ThreadPool({
      threads: opening.threads,
      onFact: opening.onKernel,
      kernelsUrl: new URL('../kernels.ts', import.meta.url),
    }),
  };
}
