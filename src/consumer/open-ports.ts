import { abortable } from '../abort.ts';
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

/**
 * Connects to everything outside, as the settings say. Waits for Redis for as long as it takes. What was opened is closed
 * with `open`, also when a later step throws.
 */
export async function openPorts(opening: Opening, open: AsyncDisposableStack): Promise<Ports> {
  const { core, queue, hostName, signal, warn, onPredict } = opening;
  const bucket = closedWith(open, await openStorage(core, warn));
  const dial = await abortable(signal, openRedis(core, { signal, onProblem: warn }));
  const commands = open.adopt(dial({ commandTimeout: COMMAND_TIMEOUT_MS }), (redis) =>
    redis.disconnect(),
  );
  const metadataCache = new RedisMetadataCache(commands);
  const models = closedWith(open, await openModels({ core, metadataCache, onPredict }));
  const store = new RedisJobStore({
    dial,
    commands,
    clock,
    address: redisAddress(core),
    queue,
    hostName,
    popSeconds: core.emptyQueueTimeout,
  });
  const compute = new ThreadPool({
    threads: opening.threads,
    onFact: opening.onKernel,
    kernelsUrl: new URL('../kernels.ts', import.meta.url),
  });
  return {
    clock,
    bucket,
    models,
    store: closedWith(open, store),
    compute: closedWith(open, compute),
  };
}

function closedWith<Part extends { close(): Promise<void> | void }>(
  open: AsyncDisposableStack,
  part: Part,
): Part {
  return open.adopt(part, (one) => one.close());
}
