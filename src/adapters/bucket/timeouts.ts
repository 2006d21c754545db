import { withTimeout } from '../../abort.ts';
import { KnownError } from '../../errors.ts';

/** How long a store may keep us waiting. */
export interface BucketTimeouts {
  /** Milliseconds until a request is answered; an upload is made of several requests. */
  readonly requestTimeoutMs: number;
  /** A download has stalled when it brings fewer than `stallBytes` in this many milliseconds of waiting. */
  readonly stallTimeoutMs: number;
  readonly stallBytes: number;
}

/** Ends a download of 1 kB/s, which an idle timeout alone would let run for hours. */
export const DEFAULT_TIMEOUTS: BucketTimeouts = {
  requestTimeoutMs: 60_000,
  stallTimeoutMs: 30_000,
  stallBytes: 128 * 1024,
};

/** The answer to a request, or a rejection as soon as `signal` fires or the request times out. */
export async function withRequestTimeout<Answer>(
  { requestTimeoutMs: timeoutMs }: BucketTimeouts,
  signal: AbortSignal,
  request: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const onTimeout = (): KnownError =>
    new KnownError(
      'bucket_unavailable',
      `The object store did not answer within ${timeoutMs / 1000} s.`,
    );
  return withTimeout({ signal, timeoutMs, onTimeout }, request);
}

/** Watches a stream that is waited for now and then. */
export class StallWatch {
  readonly #timeouts: BucketTimeouts;
  readonly #onStall: () => void;
  #timer: NodeJS.Timeout | undefined;
  #waitsSince = 0;
  #waitedMs = 0;
  #bytes = 0;

  constructor(timeouts: BucketTimeouts, onStall: () => void) {
    this.#timeouts = timeouts;
    this.#onStall = onStall;
  }

  /** From now on somebody waits for bytes. */
  wait(): void {
    const leftMs = this.#timeouts.stallTimeoutMs - this.#waitedMs;
    this.#waitsSince = performance.now();
    this.#timer = setTimeout(this.#onStall, leftMs).unref();
  }

  /** Bytes have come; nobody waits until the next `wait`. */
  moved(bytes: number): void {
    clearTimeout(this.#timer);
    this.#waitedMs += performance.now() - this.#waitsSince;
    this.#bytes += bytes;
    if (this.#bytes < this.#timeouts.stallBytes) return;
    this.#waitedMs = 0;
    this.#bytes = 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
