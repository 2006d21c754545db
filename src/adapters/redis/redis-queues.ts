import { encodeKey } from '../../key-codec.ts';
import { parsePresence } from './jobs/presence.ts';
import type { RedisLink } from './redis-link.ts';
import { items, key as keyOf, number, text } from './reply.ts';
import { scanKeys } from './scan-keys.ts';
import { loadScript } from './scripts/load-script.ts';

const READ_CONSUMERS = loadScript('read-consumers');
const READ_TYPES = loadScript('read-types');

/** A list of keys that one consumer works on. */
export interface ProcessingList {
  readonly consumer: string;
  readonly jobs: number;
}

/** What lies in Redis for a queue. */
export interface QueueContents {
  readonly queue: string;
  readonly waiting: number;
  readonly processing: readonly ProcessingList[];
  /** Hashes whose keys begin with the name of the queue: its jobs, finished ones included. */
  readonly keys: readonly string[];
}

/** A process that takes jobs from a queue, as far as it has said so: consumers without leases are not seen. */
export interface LiveConsumer {
  readonly host: string;
  readonly version: string;
  readonly pid: number;
  /** When it started, ISO 8601. */
  readonly since: string;
  /** The queues that the process serves; none if it does not say. */
  readonly queues: readonly string[];
  /** Jobs that it has claimed, parents that wait for their children included. */
  readonly claims: number;
}

const PROCESSING = /^processing-([^:]*):(.*)$/s;
/** Keys of ours that are neither jobs nor queues. */
const PRIVATE = /^kiosk:/;
/** What the names of the sorted sets of leases begin with; the queue follows. */
const LEASES = 'kiosk:leases:';

/** All queues, for onlookers. Nothing is changed. */
export class RedisQueues {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /** Every queue that has a list or a hash. Goes through all keys once, in small steps. */
  async contents(): Promise<QueueContents[]> {
    const { lists, hashes } = await this.#scan();
    const lengths = new Map(
      await Promise.all(lists.map(async (list) => [list, await this.#length(list)] as const)),
    );
    const keys = Map.groupBy(hashes, (key) => key.split(':', 1)[0] ?? '');
    const names = new Set([...lists.map(queueOf), ...keys.keys()]);
    return [...names].toSorted().map((queue) => ({
      queue,
      waiting: lengths.get(queue) ?? 0,
      processing: lists
        .filter((list) => list !== queue && queueOf(list) === queue)
        .toSorted()
        .map((list) => ({
          consumer: PROCESSING.exec(list)?.[2] ?? '',
          jobs: lengths.get(list) ?? 0,
        })),
      keys: keys.get(queue) ?? [],
    }));
  }

  /** The processes that take jobs from a queue now, the oldest first; none whose lease has run out. */
  async consumers(queue: string): Promise<LiveConsumer[]> {
    const found = items(await this.#link.run(READ_CONSUMERS, [], [queue]));
    const living = found.map((reply) => {
      const [owner, , json, claims] = items(reply);
      const { host, version, pid, since, queues } = parsePresence(text(json));
      const name = host === '' ? keyOf(owner).slice(keyOf(owner).indexOf('@') + 1) : host;
      return { host: name, version, pid, since, queues, claims: number(claims) };
    });
    return living.toSorted((one, other) => one.since.localeCompare(other.since));
  }

  /** Queues that a process has announced itself for lately. */
  async served(): Promise<string[]> {
    const found = new Set<string>();
    for await (const names of scanKeys(this.#link, LEASES)) {
      for (const name of names) found.add(name.slice(LEASES.length));
    }
    const queues = [...found].toSorted();
    const living = await Promise.all(queues.map((queue) => this.consumers(queue)));
    return queues.filter((_, at) => (living[at]?.length ?? 0) > 0);
  }

  async #length(list: string): Promise<number> {
    return this.#link.ask((redis) => redis.llen(encodeKey(list)));
  }

  /** Lists and hashes; SCAN itself tells types only from Redis 6 on. */
  async #scan(): Promise<{ readonly lists: string[]; readonly hashes: string[] }> {
    const found = { list: new Set<string>(), hash: new Set<string>() };
    for await (const names of scanKeys(this.#link)) {
      const keys = names.filter((key) => !PRIVATE.test(key));
      const types = items(await this.#link.run(READ_TYPES, [], keys)).map(text);
      for (const [index, key] of keys.entries()) {
        const type = types[index];
        if (type === 'list' || type === 'hash') found[type].add(key);
      }
    }
    return { lists: [...found.list], hashes: [...found.hash] };
  }
}

/** The queue that a list belongs to: its own name, unless it is a processing list. */
function queueOf(list: string): string {
  return PROCESSING.exec(list)?.[1] ?? list;
}
