import type { DeadLetter, DeadLetters, JobFields, Redriven } from '../../ports.ts';
import { encodeKey } from '../../key-codec.ts';
import type { RedisLink } from './redis-link.ts';
import { items, key as keyOf, number, oneOf, text } from './reply.ts';
import { scanKeys } from './scan-keys.ts';
import { loadScript } from './scripts/load-script.ts';

const LIST_LETTERS = loadScript('list-letters');
const REDRIVE = loadScript('redrive');
const DROP_LETTER = loadScript('drop-letter');

const REDRIVEN: readonly Redriven[] = ['redriven', 'gone', 'started', 'part'];

/** What the names of the sorted sets begin with; the queue follows. */
export const DEAD_LETTERS = 'kiosk:dead-letters:';

/** At most a thousand a queue: then the oldest goes. */
export class RedisDeadLetters implements DeadLetters {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async queues(): Promise<readonly string[]> {
    const found = new Set<string>();
    for await (const names of scanKeys(this.#link, DEAD_LETTERS)) {
      for (const name of names) found.add(name.slice(DEAD_LETTERS.length));
    }
    return [...found].toSorted();
  }

  async read(queue: string, key: string): Promise<JobFields | undefined> {
    const fields = await this.#link.ask((redis) =>
      redis.hgetall(encodeKey(`kiosk:dead-letter:${queue}:${key}`)),
    );
    return Object.keys(fields).length === 0 ? undefined : fields;
  }

  async list(queue: string): Promise<readonly DeadLetter[]> {
    const letters = items(await this.#link.run(LIST_LETTERS, [], [queue]));
    return letters.map((letter) => {
      const [key, buriedAt, reason] = items(letter);
      return { key: keyOf(key), buriedAt: text(buriedAt), reason: text(reason) };
    });
  }

  async redrive(queue: string, key: string): Promise<Redriven> {
    return oneOf(await this.#link.run(REDRIVE, [], [queue, key]), REDRIVEN, 'gone');
  }

  async drop(queue: string, key: string): Promise<boolean> {
    return number(await this.#link.run(DROP_LETTER, [], [queue, key])) === 1;
  }
}
