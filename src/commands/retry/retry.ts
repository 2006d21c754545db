import { hostname } from 'node:os';
import { RedisJobClient } from '../../adapters/redis/redis-job-client.ts';
import { RedisQueues } from '../../adapters/redis/redis-queues.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { didYouMean } from '../../config/nearest.ts';
import { ERROR_CATALOGUE, KnownError } from '../../errors.ts';
import { inheritedFields } from '../../flow/family.ts';
import { queueOf, retriedKey } from '../job-key.ts';
import { withRedis } from '../with-redis.ts';

interface Request {
  readonly keys: readonly string[];
  /** All failed jobs with this code, in place of keys. */
  readonly code: string | undefined;
  /** Only those of this queue. */
  readonly queue: string | undefined;
}

const FAILED = 1;
/** Jobs asked for in one exchange. */
const BATCH = 1000;
/** The code of jobs that failed without one, as those of Python consumers do. */
const UNKNOWN = 'unknown';

/**
 * Submits failed jobs again, each as a new job with what the user asked for: consumers and clients rely on it
 * that a hash that has ended stays as it is. The new key follows from the old one, so that a job that is
 * retried twice runs once. The exit code is 1 if one could not be.
 */
export function retry(request: Request): Promise<number> {
  checkWords(request);
  return withRedis(async (link) => {
    const jobs = new RedisJobClient(link);
    const { code, queue } = request;
    const keys =
      code === undefined
        ? request.keys
        : await failedKeys({ jobs, queues: new RedisQueues(link) }, code, queue);
    if (keys.length === 0) process.stdout.write(`${noneWith(code ?? '')}\n`);
    let areAll = true;
    for (const key of keys) {
      const { isQueued, words } = await retryJob(key, jobs);
      process.stdout.write(`${key} ${words}.\n`);
      areAll &&= isQueued;
    }
    return areAll ? 0 : FAILED;
  });
}

/** That no job has failed with a code; `bad_usage` for one that there is not. */
function noneWith(code: string): string {
  const none = `No failed job has the code ${code}.`;
  const codes = [...Object.keys(ERROR_CATALOGUE), UNKNOWN];
  if (codes.includes(code)) return none;
  const suggestion = didYouMean(code, codes);
  throw new KnownError('bad_usage', `${none}${suggestion} \`status\` shows the codes.`);
}

function checkWords({ keys, code, queue }: Request): void {
  const refuse = (why: string): never => {
    throw new KnownError('bad_usage', `${why} \`retry --help\` shows how.`);
  };
  if (keys.length === 0 && code === undefined) refuse('retry needs a KEY or --code CODE.');
  if (keys.length > 0 && code !== undefined) refuse('Give keys or --code, not both.');
  if (code === undefined && queue !== undefined) refuse('--queue goes with --code.');
}

interface Views {
  readonly jobs: RedisJobClient;
  readonly queues: RedisQueues;
}

/** Keys of the failed jobs that Redis still knows with a code; parts of jobs are retried with these. */
async function failedKeys(
  { jobs, queues }: Views,
  code: string,
  queue: string | undefined,
): Promise<string[]> {
  const contents = await queues.contents();
  const keys = contents
    .filter((one) => queue === undefined || one.queue === queue)
    .flatMap((one) => one.keys);
  const found: string[] = [];
  for (let start = 0; start < keys.length; start += BATCH) {
    const some = keys.slice(start, start + BATCH);
    const fields = await jobs.readFields(some, ['status', 'error_code', 'parent']);
    found.push(...some.filter((_, at) => isRetryable(fields[at] ?? {}, code)));
  }
  return found;
}

function isRetryable(fields: Readonly<Partial<Record<string, string>>>, code: string): boolean {
  const { status, error_code: own = UNKNOWN, parent } = fields;
  return status === 'failed' && own === code && parent === undefined;
}

interface Retried {
  readonly isQueued: boolean;
  readonly words: string;
}

async function retryJob(key: string, jobs: RedisJobClient): Promise<Retried> {
  const fields = await jobs.read(key);
  if (fields === undefined) return { isQueued: false, words: 'does not exist' };
  const { status, parent } = fields;
  if (parent !== undefined)
    return { isQueued: false, words: `is a part of ${parent}: retry that one` };
  if (status !== 'failed') return { isQueued: false, words: `has not failed: it is ${status}` };
  const next = retriedKey(key);
  const now = systemClock.now().toISOString();
  const isNew = await jobs.submit(queueOf(key), next, {
    ...inheritedFields(fields),
    status: 'new',
    created_at: now,
    updated_at: now,
    identity_upload: hostname(),
  });
  const words = isNew ? 'is in its queue again as' : 'was retried before, as';
  return { isQueued: true, words: `${words} ${next}` };
}
