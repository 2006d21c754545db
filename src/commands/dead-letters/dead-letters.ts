import { RedisDeadLetters } from '../../adapters/redis/redis-dead-letters.ts';
import { didYouMean } from '../../config/nearest.ts';
import { withRedis } from '../with-redis.ts';
import { KnownError } from '../../errors.ts';
import type { DeadLetter, DeadLetters } from '../../ports.ts';
import { asJson } from '../command-line/json.ts';
import { table } from '../command-line/table.ts';
import { ACTIONS } from './actions.ts';
import { renderJob } from '../status/render.ts';

type Action = (typeof ACTIONS)[number];

export interface LettersRequest {
  readonly action: string;
  readonly keys: readonly string[];
  /** Of this queue only. */
  readonly queue: string | undefined;
  /** All there are, in place of keys. */
  readonly all: boolean;
  readonly json: boolean;
}

/** A dead letter and the queue that it belongs to. */
interface Found extends DeadLetter {
  readonly queue: string;
}

const FAILED = 1;
const NONE = 'was no dead letter any more';

/** Shows dead letters, puts them back or forgets them. The exit code is 1 if a key is none. */
export async function deadLetters(request: LettersRequest): Promise<number> {
  const action = actionOf(request);
  return withRedis(async (link) => {
    const letters = new RedisDeadLetters(link);
    const found = await find(letters, request);
    const missing = request.keys.filter((key) => found.every((letter) => letter.key !== key));
    process.stdout.write(await carryOut(action, found, { letters, json: request.json }));
    for (const key of missing) process.stderr.write(`${key} is no dead letter.\n`);
    return missing.length > 0 ? FAILED : 0;
  });
}

function actionOf({ action, keys, all }: LettersRequest): Action {
  const known = ACTIONS.find((one) => one === action);
  const refuse = (why: string): never => {
    throw new KnownError('bad_usage', `${why} \`dead-letters --help\` shows how.`);
  };
  if (known === undefined) {
    return refuse(
      `dead-letters cannot "${action}", only ${ACTIONS.join(', ')}.${didYouMean(action, ACTIONS)}`,
    );
  }
  const isChosen = keys.length > 0 || all;
  if (known !== 'list' && !isChosen) return refuse(`dead-letters ${known} needs a KEY or --all.`);
  if (keys.length > 0 && all) return refuse('Give keys or --all, not both.');
  return known;
}

/** The letters asked for, oldest first within a queue. */
async function find(letters: DeadLetters, { keys, queue }: LettersRequest): Promise<Found[]> {
  const queues = queue === undefined ? await letters.queues() : [queue];
  const lists = await Promise.all(
    queues.map(async (name) =>
      (await letters.list(name)).map((letter) => ({ ...letter, queue: name })),
    ),
  );
  return lists.flat().filter(({ key }) => keys.length === 0 || keys.includes(key));
}

interface Means {
  readonly letters: DeadLetters;
  readonly json: boolean;
}

async function carryOut(
  action: Action,
  found: readonly Found[],
  { letters, json }: Means,
): Promise<string> {
  if (action === 'list') return json ? asJson(found) : listed(found);
  if (action === 'inspect') return inspected(found, { letters, json });
  const lines: string[] = [];
  for (const letter of found)
    lines.push(`${letter.key} ${await changed(action, letter, letters)}.\n`);
  return lines.join('');
}

/** What became of a letter; another operator may have been faster. */
async function changed(
  action: 'redrive' | 'drop',
  { queue, key }: Found,
  letters: DeadLetters,
): Promise<string> {
  if (action === 'drop')
    return (await letters.drop(queue, key)) ? `is forgotten by ${queue}` : NONE;
  const words = {
    redriven: `is back in ${queue}`,
    gone: NONE,
    started: 'was started again by somebody: it is a dead letter no more',
    part: 'was left alone: it is a part of another job, which has counted it. Retry that one',
  };
  return words[await letters.redrive(queue, key)];
}

function listed(found: readonly Found[]): string {
  if (found.length === 0) return 'No dead letters.\n';
  const rows = found.map(({ queue, buriedAt, key, reason }) => [queue, buriedAt, key, reason]);
  return `${table(['queue', 'since', 'key', 'reason'], rows)}\n`;
}

async function inspected(found: readonly Found[], { letters, json }: Means): Promise<string> {
  const all = await Promise.all(
    found.map(async ({ queue, key }) => ({
      queue,
      key,
      fields: (await letters.read(queue, key)) ?? {},
    })),
  );
  return json ? asJson(all) : all.map(({ key, fields }) => renderJob(key, fields)).join('\n');
}
