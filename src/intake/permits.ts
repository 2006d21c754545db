import { classify } from '../errors.ts';
import type { Permit } from '../flow/in-flight.ts';

interface Limits {
  readonly jobs: number;
  readonly bytes: number;
}

/** Somebody who waits until `ready`, and then at once does `take`. */
interface Waiter {
  readonly ready: () => boolean;
  readonly take: () => void;
}

/**
 * The rights to hold jobs. At most `jobs` are given out, and none while those given out hold `bytes` or more; so
 * whatever waits between two stages is bounded, however long the queue.
 */
export class PermitPool {
  readonly limits: Limits;
  #bytes = 0;
  /** In the order of their claims. */
  readonly #held = new Set<Share>();
  readonly #waiters = new Map<Waiter, () => void>();

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** Jobs and bytes held now. */
  get held(): Limits {
    return { jobs: this.#held.size, bytes: this.#bytes };
  }

  /** Waits for the right to hold one more job. */
  async acquire(signal: AbortSignal): Promise<Permit> {
    const share: Share = { bytes: 0 };
    await this.#when({ ready: () => this.#hasRoom(), take: () => this.#held.add(share) }, signal);
    return {
      reserve: (bytes, abort) =>
        this.#when(
          {
            ready: () => this.#fits(share, bytes),
            take: () => this.#hold(share, Math.max(bytes, share.bytes)),
          },
          abort,
        ),
      holds: (bytes) => {
        this.#hold(share, bytes);
        this.#wake();
      },
      release: () => {
        this.#held.delete(share);
        this.#hold(share, 0);
        this.#wake();
      },
    };
  }

  #hasRoom(): boolean {
    return this.#held.size < this.limits.jobs && this.#bytes < this.limits.bytes;
  }

  /** The oldest job always fits: it is the one that must get on for anything to be given back. */
  #fits(share: Share, bytes: number): boolean {
    const [oldest] = this.#held;
    return share === oldest || this.#bytes - share.bytes + bytes <= this.limits.bytes;
  }

  #hold(share: Share, bytes: number): void {
    this.#bytes += bytes - share.bytes;
    share.bytes = bytes;
  }

  async #when(waiter: Waiter, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (waiter.ready()) {
      waiter.take();
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = (): void => reject(classify(signal.reason));
    this.#waiters.set(waiter, resolve);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await promise;
    } finally {
      this.#waiters.delete(waiter);
      signal.removeEventListener('abort', giveUp);
    }
  }

  #wake(): void {
    for (const [waiter, resolve] of this.#waiters) {
      if (!waiter.ready()) continue;
      this.#waiters.delete(waiter);
      waiter.take();
      resolve();
    }
  }
}

interface Share {
  bytes: number;
}
