import { abortable } from '../../abort.ts';
import type { KernelFact } from '../../facts/kernels.ts';
import { ThreadPool, type ThreadPoolOptions } from '../../adapters/compute/thread-pool.ts';
import type { PredictFact } from '../../facts/predict.ts';
import { type RedisJobs, openRedisJobs } from '../../adapters/redis/jobs/open-jobs.ts';
import { RedisMetadataCache } from '../../adapters/redis/redis-metadata-cache.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import type { StagePorts } from '../../flow/stage.ts';
import type { MemoryBudget } from '../memory/memory-budget.ts';
import { openModels } from './open-models.ts';
import { openRedis } from './open-redis.ts';
import { openStorage } from './open-storage.ts';
import type { CoreSettings } from '../settings/read-settings.ts';
import { VERSION } from '../version.ts';

export interface Ports extends StagePorts {
  /** The jobs of a queue. */
  readonly jobsOf: (queue: string) => RedisJobs;
  /** Why Redis cannot be used now, if so. */
  readonly redisProblem: () => string | undefined;
  /** Whether predictions wait because the model servers have all the calls that they take. */
  readonly modelsFull: () => boolean;
  /** Lets go of memory that is kept only for speed. */
  readonly releaseMemory: () => void;
}

interface Opening {
  readonly core: CoreSettings;
  /** All queues that this process serves. */
  readonly queues: readonly string[];
  readonly hostName: string;
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  /** Called again and again with why Redis cannot be used yet. */
  readonly onRedisProblem: (message: string) => void;
  readonly onPredict: (fact: PredictFact) => void;
  readonly onKernel: (fact: KernelFact) => void;
  readonly threads: number;
  /** Modules of kernels that workflows bring. */
  readonly ownKernels: readonly URL[];
  readonly budget: Pick<MemoryBudget, 'scratch' | 'outputs' | 'ownKernel'>;
  /** Whether the process is about to run out of memory. */
  readonly isShort: () => boolean;
}

/**
 * Connects to everything outside, as the settings say. Waits for Redis for as long as it takes. What was
 * opened is closed with `open`, also when a later step throws.
 */
export async function openPorts(opening: Opening, open: AsyncDisposableStack): Promise<Ports> {
  const { core, queues, hostName, signal, warn, onPredict, budget } = opening;
  const bucket = closedWith(open, await openStorage(core, warn));
  const redis = await abortable(
    signal,
    openRedis(core, { signal, onProblem: opening.onRedisProblem }),
  );
  const link = closedWith(open, redis.link);
  const metadataCache = new RedisMetadataCache(link.redis);
  const models = closedWith(
    open,
    await openModels({ core, metadataCache, onPredict, keptBytes: budget.outputs }),
  );
  const jobs = new Map<string, RedisJobs>();
  open.defer(async () => {
    for (const { queue } of jobs.values()) await queue.close();
  });
  const openJobs = (queue: string): RedisJobs => {
    const opened = openRedisJobs({
      ...redis,
      clock,
      queue,
      queues,
      hostName,
      version: VERSION,
      popSeconds: core.emptyQueueTimeout,
      childrenInQueue: core.childrenInQueue,
      expireSeconds: core.expireTime,
    });
    jobs.set(queue, opened);
    return opened;
  };
  const compute = openCompute({
    threads: opening.threads,
    ownKernels: opening.ownKernels,
    scratchBytes: budget.scratch,
    ownKernelBytes: budget.ownKernel,
    isShort: opening.isShort,
    onFact: opening.onKernel,
  });
  return {
    clock,
    bucket,
    models,
    jobsOf: (queue) => jobs.get(queue) ?? openJobs(queue),
    redisProblem: () => link.problem(),
    modelsFull: () => models.isFull,
    compute: closedWith(open, compute),
    releaseMemory: () => {
      compute.releaseMemory();
      models.releaseMemory();
    },
  };
}

/** The pool that runs the kernels of `src/kernels.ts`. */
export function openCompute(options: Omit<ThreadPoolOptions, 'kernelsUrl'>): ThreadPool {
  return new ThreadPool({ ...options, kernelsUrl: new URL('../../kernels.ts', import.meta.url) });
}

function closedWith<Part extends { close(): Promise<void> | void }>(
  open: AsyncDisposableStack,
  part: Part,
): Part {
  return open.adopt(part, (one) => one.close());
}
