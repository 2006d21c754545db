import { RedisJobClient } from '../../adapters/redis/redis-job-client.ts';
import { RedisQueues } from '../../adapters/redis/redis-queues.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { asJson } from '../command-line/json.ts';
import { stopOnSignals } from '../../consumer/stop-on-signals.ts';
import { withRedis } from '../with-redis.ts';
import { type QueueState, emptyQueue, queueState } from './queue-state.ts';
import { renderJob, renderQueue } from './render.ts';

interface Request {
  readonly keys: readonly string[];
  readonly queues: readonly string[];
  readonly json: boolean;
  /** Whether to show it again and again until Ctrl-C. */
  readonly watch: boolean;
}

interface Views {
  readonly jobs: RedisJobClient;
  readonly queues: RedisQueues;
}

const FAILED = 1;

/** Between two looks of `--watch`. */
const WATCH_MS = 2000;
const CLEAR_SCREEN = '\u001b[H\u001b[2J';

/** Shows queues or jobs. The exit code is 1 if one of the jobs does not exist. */
export function status(request: Request): Promise<number> {
  return withRedis(async (link) => {
    const views = { jobs: new RedisJobClient(link), queues: new RedisQueues(link) };
    if (request.watch) return watch(() => shown(request, views));
    const { text, code } = await shown(request, views);
    process.stdout.write(text);
    return code;
  });
}

interface Shown {
  readonly text: string;
  readonly code: number;
}

/** Shows something anew every two seconds: in its place on a terminal, else one after the other. Ends with Ctrl-C. */
async function watch(show: () => Promise<Shown>): Promise<number> {
  const control = new AbortController();
  const signals = stopOnSignals(() => control.abort());
  const clear = process.stdout.isTTY ? CLEAR_SCREEN : '';
  try {
    while (!control.signal.aborted) {
      const { text } = await show();
      const now = systemClock.now().toISOString().slice(0, 19).replace('T', ' ');
      process.stdout.write(`${clear}${now} UTC\n${text}`);
      await systemClock.sleep(WATCH_MS, control.signal).catch(() => undefined);
    }
    return 0;
  } finally {
    signals.release();
  }
}

function shown({ keys, queues, json }: Request, views: Views): Promise<Shown> {
  return keys.length > 0 ? jobsShown(keys, { views, json }) : queuesShown(queues, { views, json });
}

interface Showing {
  readonly views: Views;
  readonly json: boolean;
}

async function jobsShown(
  keys: readonly string[],
  { views: { jobs }, json }: Showing,
): Promise<Shown> {
  const found = await Promise.all(keys.map(async (key) => ({ key, fields: await jobs.read(key) })));
  const text = json
    ? asJson(found.map(({ key, fields }) => ({ key, fields: fields ?? null })))
    : found.map(({ key, fields }) => renderJob(key, fields)).join('\n');
  return { text, code: found.every(({ fields }) => fields !== undefined) ? 0 : FAILED };
}

async function queuesShown(wanted: readonly string[], { views, json }: Showing): Promise<Shown> {
  const all = await queueStates(views);
  const states =
    wanted.length > 0 ? await Promise.all(wanted.map((name) => stateOf(name, all, views))) : all;
  const now = systemClock.now();
  const text =
    states.length > 0
      ? states.map((state) => renderQueue(state, now)).join('\n')
      : 'No queue holds a job.\n';
  return { text: json ? asJson(states) : text, code: 0 };
}

async function stateOf(
  name: string,
  all: readonly QueueState[],
  { queues }: Views,
): Promise<QueueState> {
  const found = all.find(({ queue }) => queue === name);
  return found ?? emptyQueue(name, (await queues.consumers(name)).length);
}

async function queueStates({ queues, jobs }: Views): Promise<QueueState[]> {
  const contents = await queues.contents();
  const states = await Promise.all(
    contents.map(async (one) => queueState(one, jobs, (await queues.consumers(one.queue)).length)),
  );
  return states.filter((state) => state !== undefined);
}
