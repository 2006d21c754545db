import type { Redis } from 'ioredis';
import { KnownError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import type { Dial } from './connect.ts';
import { translateRedisError } from './translate-error.ts';

interface BlockingPopOptions {
  readonly dial: Dial;
  readonly commands: Redis;
  readonly clock: Clock;
  readonly address: string;
  /** The lists that keys are moved from and to. */
  readonly from: string;
  readonly to: string;
  /** How long the server waits for a key. */
  readonly seconds: number;
}

/** How much longer than the server we wait for its answer before we take the link for dead. */
const GRACE_MS = 2000;
const UNBLOCK_MS = 1000;

interface Line {
  readonly redis: Redis;
  readonly id: number;
}

/**
 * BRPOPLPUSH on a connection of its own. Nothing is ever sent twice on it: a reply that was lost may have been a key, which then
 * lies in the processing list for the intake to find. After any trouble the connection is thrown away.
 */
export class BlockingPop {
  readonly #options: BlockingPopOptions;
  #line: Line | undefined;

  constructor(options: BlockingPopOptions) {
    this.#options = options;
  }

  /** The next key; undefined if none came, or if the signal ended the wait. */
  async pop(signal: AbortSignal): Promise<string | undefined> {
    const { from, to, seconds, clock } = this.#options;
    const answered = new AbortController();
    const unblock = (): void => void this.#unblock(answered.signal);
    try {
      this.#line ??= await this.#open();
      if (signal.aborted) return undefined;
      signal.addEventListener('abort', unblock, { once: true });
      const overdue = clock
        .sleep(seconds * 1000 + GRACE_MS, answered.signal)
        .then(() => this.#silent());
      overdue.catch(() => undefined);
      return (
        (await Promise.race([this.#line.redis.brpoplpush(from, to, seconds), overdue])) ?? undefined
      );
    } catch (thrown) {
      this.close();
      throw translateRedisError(thrown, this.#options.address);
    } finally {
      answered.abort();
      signal.removeEventListener('abort', unblock);
    }
  }

  close(): void {
    this.#line?.redis.disconnect();
    this.#line = undefined;
  }

  async #open(): Promise<Line> {
    const redis = this.#options.dial({
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      retryStrategy: () => null,
      reconnectOnError: () => false,
    });
    let trouble: unknown;
    redis.on('error', (error) => (trouble = error));
    try {
      await redis.connect();
      return { redis, id: await redis.client('ID') };
    } catch (error) {
      redis.disconnect();
      throw trouble ?? error;
    }
  }

  #silent(): never {
    throw new KnownError(
      'redis_unreachable',
      `Redis at ${this.#options.address} has fallen silent.`,
    );
  }

  /** Ends the wait on the server, so that a key that comes at the last moment is still answered; failing that, hangs up. */
  async #unblock(answered: AbortSignal): Promise<void> {
    const { commands, clock } = this.#options;
    if (this.#line) commands.client('UNBLOCK', this.#line.id).catch(() => undefined);
    await clock.sleep(UNBLOCK_MS, answered).then(
      () => this.close(),
      () => undefined,
    );
  }
}
