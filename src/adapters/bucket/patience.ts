import { KnownError } from '../../errors.ts';
import { unlessAborted } from './unless-aborted.ts';

/** How long a store may keep us waiting. */
export interface Patience {
  /** Milliseconds for the answer to a request; an upload is made of several. */
  readonly answerMs: number;
  /** A download has stalled when it brings fewer than `stallBytes` in `stallMs` milliseconds of waiting for it. */
  readonly stallMs: number;
  readonly stallBytes: number;
}

/** Ends a download of 1 kB/s, which an idle timeout alone would let run for hours. */
export const DEFAULT_PATIENCE: Patience = {
  answerMs: 60_000,
  stallMs: 30_000,
  stallBytes: 128 * 1024,
};

/**
 * The answer to a request; or a rejection as soon as `signal` fires or `answerMs` are over. The request gets a signal
 * for both, which falls silent once it has been answered, save for `signal` itself.
 */
export async function answered<Answer>(
  { answerMs }: Patience,
  signal: AbortSignal,
  request: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const limit = new AbortController();
  const giveUp = (): void =>
    limit.abort(
      new KnownError(
        'bucket_unavailable',
        `The object store did not answer within ${answerMs / 1000} s.`,
      ),
    );
  const timer = setTimeout(giveUp, answerMs);
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    either.throwIfAborted();
    return await unlessAborted(either, request(either));
  } finally {
    clearTimeout(timer);
  }
}

/** Watches over a stream that is waited for now and then. */
export class StallWatch {
  readonly #patience: Patience;
  readonly #onStall: () => void;
  #timer: NodeJS.Timeout | undefined;
  #waitsSince = 0;
  #waitedMs = 0;
  #bytes = 0;

  constructor(patience: Patience, onStall: () => void) {
    this.#patience = patience;
    this.#onStall = onStall;
  }

  /** From now on somebody waits for bytes. */
  wait(): void {
    this.#waitsSince = performance.now();
    this.#timer = setTimeout(this.#onStall, this.#patience.stallMs - this.#waitedMs).unref();
  }

  /** Bytes have come; nobody waits until the next `wait`. */
  moved(bytes: number): void {
    clearTimeout(this.#timer);
    this.#waitedMs += performance.now() - this.#waitsSince;
    this.#bytes += bytes;
    if (this.#bytes < this.#patience.stallBytes) return;
    this.#waitedMs = 0;
    this.#bytes = 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
