import type { DeadLetter, DeadLetters } from '../../ports.ts';
import type { RedisLink } from './redis-link.ts';
import { items, key as keyOf, number, text } from './reply.ts';
import { loadScript } from './scripts/load-script.ts';

const LIST_LETTERS = loadScript('list-letters');
const REDRIVE = loadScript('redrive');
const DROP_LETTER = loadScript('drop-letter');

/** At most a thousand a queue: then the oldest goes. */
export class RedisDeadLetters implements DeadLetters {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async list(queue: string): Promise<readonly DeadLetter[]> {
    const letters = items(await this.#link.run(LIST_LETTERS, [], [queue]));
    return letters.map((letter) => {
      const [key, buriedAt, reason] = items(letter);
      return { key: keyOf(key), buriedAt: text(buriedAt), reason: text(reason) };
    });
  }

  async redrive(queue: string, key: string): Promise<boolean> {
    return number(await this.#link.run(REDRIVE, [], [queue, key])) === 1;
  }

  async drop(queue: string, key: string): Promise<boolean> {
    return number(await this.#link.run(DROP_LETTER, [], [queue, key])) === 1;
  }
}
