import { decodeKey } from '../../key-codec.ts';
import type { RedisLink } from './redis-link.ts';

const SCAN_COUNT = 1000;

/** The keys of a Redis, or those that begin with `prefix`, a pattern, in small steps; one may come twice. */
export async function* scanKeys(link: RedisLink, prefix = ''): AsyncGenerator<string[]> {
  let cursor = '0';
  do {
    const [next, names] = await link.ask((redis) =>
      redis.scanBuffer(cursor, 'MATCH', `${prefix}*`, 'COUNT', SCAN_COUNT),
    );
    yield names.map(decodeKey);
    cursor = next.toString();
  } while (cursor !== '0');
}

/** A text as a pattern that means just that. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\*?[\]]/g, '\\$&');
}
