import type { ErrorCode } from '../../errors.ts';
import type { FieldUpdates, JobFields } from '../../ports.ts';
import { encodeKey } from '../../key-codec.ts';
import type { RedisLink } from './redis-link.ts';
import { items, number, oneOf, text } from './reply.ts';
import { loadScript } from './scripts/load-script.ts';

const SUBMIT = loadScript('submit');
const CANCEL = loadScript('cancel');
const READ_FIELDS = loadScript('read-fields');

/** `held`: a consumer has it, or it has parts; `part`: it is a part of another job. */
const CANCELLATIONS = ['cancelled', 'gone', 'finished', 'held', 'part'] as const;
export type Cancellation = (typeof CANCELLATIONS)[number];

/**
 * Jobs in Redis as those see them who submit them and wait. Nothing here claims a job. Each call may be
 * repeated if it fails.
 */
export class RedisJobClient {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /** Creates the hash of a job and puts its key into a queue, unless that has been done already: then false. */
  async submit(queue: string, key: string, fields: FieldUpdates): Promise<boolean> {
    return number(await this.#link.run(SUBMIT, [key, queue], Object.entries(fields).flat())) === 1;
  }

  /** Takes a waiting job out of its queue and ends it as failed; tells why if it does not. */
  async cancel(queue: string, key: string, reason: string): Promise<Cancellation> {
    const code: ErrorCode = 'cancelled';
    const answer = await this.#link.run(CANCEL, [key, queue], [reason, code]);
    return oneOf(answer, CANCELLATIONS, 'held');
  }

  /** All fields of a job; undefined if there is no such job. */
  async read(key: string): Promise<JobFields | undefined> {
    const name = encodeKey(key);
    return this.#link.ask(async (redis) => {
      if ((await redis.type(name)) !== 'hash') return undefined;
      return redis.hgetall(name);
    });
  }

  /** Some fields of many jobs, in one exchange. A job that is gone has none of them. */
  async readFields(keys: readonly string[], names: readonly string[]): Promise<JobFields[]> {
    const answer = items(await this.#link.run(READ_FIELDS, keys, names));
    return keys.map((_, index) => present(names, items(answer[index])));
  }

  /** Has Redis delete a job after a while. */
  async expire(key: string, seconds: number): Promise<void> {
    await this.#link.ask((redis) => redis.expire(encodeKey(key), seconds));
  }

  close(): void {
    this.#link.close();
  }
}

function present(names: readonly string[], values: readonly unknown[]): JobFields {
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const value = values[index];
      return Buffer.isBuffer(value) ? [[name, text(value)]] : [];
    }),
  );
}
