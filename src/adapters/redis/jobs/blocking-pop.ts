import type { Redis } from 'ioredis';
import { NOT_NEEDED, abortable, withTimeout } from '../../../abort.ts';
import { KnownError } from '../../../errors.ts';
import type { Clock } from '../../../ports.ts';
import type { Dial } from '../connect.ts';
import { decodeKey, encodeKey } from '../../../key-codec.ts';
import type { RedisLink } from '../redis-link.ts';
import { translateRedisError } from '../translate-error.ts';

interface BlockingPopOptions {
  readonly dial: Dial;
  /** For ending a wait from outside. */
  readonly link: RedisLink;
  readonly clock: Clock;
  /** The lists that keys are moved from and to. */
  readonly from: string;
  readonly to: string;
  /** How long the server waits for a key. */
  readonly seconds: number;
}

/** How much longer than the server we wait for its answer before we take the link for dead. */
const GRACE_MS = 2000;
const UNBLOCK_MS = 1000;
const OPEN_MS = 5000;

interface Line {
  readonly redis: Redis;
  readonly id: number;
}

/**
 * BRPOPLPUSH on a connection of its own. Nothing is ever sent twice on it: a reply that was lost may have
 * been a key, which then lies in the processing list for the intake to find. After any trouble the connection
 * is thrown away.
 */
export class BlockingPop {
  readonly #options: BlockingPopOptions;
  #line: Line | undefined;

  constructor(options: BlockingPopOptions) {
    this.#options = options;
  }

  /** The next key; undefined if none came, or if the signal ended the wait. */
  async pop(signal: AbortSignal): Promise<string | undefined> {
    const { from, to, seconds, clock, link } = this.#options;
    const answered = new AbortController();
    const unblock = (): void => void this.#unblock(answered.signal);
    try {
      this.#line ??= await this.#open(signal);
      if (signal.aborted) return undefined;
      signal.addEventListener('abort', unblock, { once: true });
      const overdue = clock
        .sleep(seconds * 1000 + GRACE_MS, answered.signal)
        .then(() => this.#silent());
      overdue.catch(() => undefined);
      const reply = this.#line.redis.brpoplpushBuffer(encodeKey(from), encodeKey(to), seconds);
      const key = await Promise.race([reply, overdue]);
      return key === null ? undefined : decodeKey(key);
    } catch (thrown) {
      this.close();
      throw translateRedisError(thrown, link.address);
    } finally {
      answered.abort(NOT_NEEDED);
      signal.removeEventListener('abort', unblock);
    }
  }

  close(): void {
    this.#line?.redis.disconnect();
    this.#line = undefined;
  }

  async #open(signal: AbortSignal): Promise<Line> {
    const redis = this.#options.dial({ lazyConnect: true, retryStrategy: () => null });
    let trouble: unknown;
    redis.on('error', (error) => (trouble = error));
    const limit = { signal, timeoutMs: OPEN_MS, onTimeout: () => this.#silence() };
    try {
      return await withTimeout(limit, async (either) => {
        await abortable(either, redis.connect());
        return { redis, id: await abortable(either, redis.client('ID')) };
      });
    } catch (error) {
      redis.disconnect();
      throw error instanceof KnownError ? error : (trouble ?? error);
    }
  }

  #silence(): KnownError {
    const { address } = this.#options.link;
    return new KnownError('redis_unreachable', `Redis at ${address} has stopped responding.`);
  }

  #silent(): never {
    throw this.#silence();
  }

  /**
   * Ends the wait on the server, so that a key that comes at the last moment is still answered; failing that,
   * hangs up.
   */
  async #unblock(answered: AbortSignal): Promise<void> {
    const { link, clock } = this.#options;
    const { id } = this.#line ?? {};
    if (id !== undefined) link.ask((redis) => redis.client('UNBLOCK', id)).catch(() => undefined);
    await clock.sleep(UNBLOCK_MS, answered).then(
      () => this.close(),
      () => undefined,
    );
  }
}
