import type { Redis } from 'ioredis';
import { promptAnswers } from '../../adapters/redis/connect.ts';
import type { OpenedRedis } from '../../consumer/open/open-redis.ts';

/** A command to be tried. */
export interface CommandLine {
  /** What the report names if Redis refuses the command. */
  readonly shown: string;
  readonly words: readonly (string | number)[];
  /** What is tried: a refusal of the other kind does not count. */
  readonly about: 'command' | 'key';
}

/**
 * What of these the user may not use. Nothing is carried out: inside a transaction Redis looks at the
 * permission of a command when it is queued, and forgets it when the connection ends.
 */
export async function refusedOf(
  { dial }: OpenedRedis,
  lines: readonly CommandLine[],
): Promise<string[]> {
  const redis = dial({ ...promptAnswers(), lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await tryAll(redis, lines);
  } finally {
    redis.disconnect();
  }
}

async function tryAll(redis: Redis, lines: readonly CommandLine[]): Promise<string[]> {
  // EXEC is tried before the transaction: inside it would carry everything out.
  const refused = new Set((await refusal(redis, ['exec'])) ? ['EXEC'] : []);
  if (await refusal(redis, ['multi'])) return [...refused, 'MULTI'];
  for (const { shown, words, about } of lines) {
    if (words[0] !== 'exec' && (await refusal(redis, words)) === about) refused.add(shown);
  }
  return [...refused];
}

/** What of a command is refused. Any other error shows that it is allowed. */
async function refusal(
  redis: Redis,
  words: readonly (string | number)[],
): Promise<'command' | 'key' | undefined> {
  const [name, ...rest] = words;
  try {
    await redis.call(String(name), ...rest);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.message.startsWith('NOPERM')) {
      return /access (a key|one of the keys)/.test(error.message) ? 'key' : 'command';
    }
    if (/^[A-Z]{2,} /.test(error.message)) return undefined;
    throw error;
  }
}
