import { abortable } from '../../abort.ts';
import { RedisJobClient } from '../../adapters/redis/redis-job-client.ts';
import { RedisQueues } from '../../adapters/redis/redis-queues.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { retryUnavailable } from '../../flow/retry.ts';
import type { FieldUpdates } from '../../ports.ts';
import { openRedis } from '../../consumer/open/open-redis.ts';
import { openStorage } from '../../consumer/open/open-storage.ts';
import type { CoreSettings } from '../../consumer/settings/read-settings.ts';
import type { Session } from './submit-job.ts';

export interface Opening {
  readonly core: CoreSettings;
  readonly queue: string;
  readonly fields: FieldUpdates;
  readonly signal: AbortSignal;
  /** Told what is wrong for the moment. */
  readonly say: (message: string) => void;
  /** Called once Redis is there, before the library of the bucket is loaded, which may take a second. */
  readonly withRedis?: (redis: {
    readonly queues: RedisQueues;
    readonly persistently: Session['persistently'];
  }) => Promise<void>;
}

/** Retries without a limit: the user decides when to stop waiting. */
const RETRY = {
  firstDelayMs: 500,
  longestDelayMs: 5000,
  budgetMs: Infinity,
  random: Math.random,
};

/** Connects to Redis and to the bucket, and goes on trying whatever the network spoils. */
export async function openSession({
  core,
  queue,
  fields,
  signal,
  say,
  withRedis = () => Promise.resolve(),
}: Opening): Promise<Session> {
  const onProblem = withoutRepetition((problem) => say(`${problem} Trying again.`));
  const { link } = await openRedis(core, { signal, onProblem });
  const persistently: Session['persistently'] = (attempt) =>
    retryUnavailable({
      attempt: () => abortable(signal, attempt()),
      policy: RETRY,
      clock,
      signal,
      onRetry: ({ message }) => onProblem(message),
    });
  const jobs = new RedisJobClient(link);
  try {
    await withRedis({ queues: new RedisQueues(link), persistently });
    const bucket = await openStorage(core, say);
    return { bucket, jobs, clock, queue, fields, signal, persistently };
  } catch (error) {
    jobs.close();
    throw error;
  }
}

export async function closeSession({ bucket, jobs }: Session): Promise<void> {
  jobs.close();
  await bucket.close();
}

/** Reports a problem once, although many files meet it at the same time. */
function withoutRepetition(tell: (message: string) => void): (message: string) => void {
  let last = '';
  return (message) => {
    if (message !== last) tell(message);
    last = message;
  };
}
