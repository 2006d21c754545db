import { RedisJobClient } from '../../adapters/redis/redis-job-client.ts';
import { RedisQueues } from '../../adapters/redis/redis-queues.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { asJson } from '../command-line/json.ts';
import { withRedis } from '../with-redis.ts';
import { type QueueState, emptyQueue, queueState } from './queue-state.ts';
import { renderJob, renderQueue } from './render.ts';

interface Request {
  readonly keys: readonly string[];
  readonly queues: readonly string[];
  readonly json: boolean;
}

interface Views {
  readonly jobs: RedisJobClient;
  readonly queues: RedisQueues;
}

const FAILED = 1;

/** Shows queues or jobs. The exit code is 1 if one of the jobs does not exist. */
export function status({ keys, queues, json }: Request): Promise<number> {
  return withRedis(async (link) => {
    const views = { jobs: new RedisJobClient(link), queues: new RedisQueues(link) };
    if (keys.length > 0) return showJobs(keys, { views, json });
    return showQueues(queues, { views, json });
  });
}

interface Showing {
  readonly views: Views;
  readonly json: boolean;
}

async function showJobs(
  keys: readonly string[],
  { views: { jobs }, json }: Showing,
): Promise<number> {
  const found = await Promise.all(keys.map(async (key) => ({ key, fields: await jobs.read(key) })));
  const text = json
    ? asJson(found.map(({ key, fields }) => ({ key, fields: fields ?? null })))
    : found.map(({ key, fields }) => renderJob(key, fields)).join('\n');
  process.stdout.write(text);
  return found.every(({ fields }) => fields !== undefined) ? 0 : FAILED;
}

async function showQueues(wanted: readonly string[], { views, json }: Showing): Promise<number> {
  const all = await queueStates(views);
  const states =
    wanted.length > 0
      ? wanted.map((name) => all.find(({ queue }) => queue === name) ?? emptyQueue(name))
      : all;
  const now = systemClock.now();
  const text =
    states.length > 0
      ? states.map((state) => renderQueue(state, now)).join('\n')
      : 'No queue holds a job.\n';
  process.stdout.write(json ? asJson(states) : text);
  return 0;
}

async function queueStates({ queues, jobs }: Views): Promise<QueueState[]> {
  const contents = await queues.contents();
  const states = await Promise.all(contents.map((one) => queueState(one, jobs)));
  return states.filter((state) => state !== undefined);
}
