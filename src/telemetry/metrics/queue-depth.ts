import type { Clock, QueueDepth } from '../../ports.ts';
import { METRICS } from '../catalogue.ts';
import type { Recorder } from '../metric.ts';

const INTERVAL_MS = 5000;
/** An answer waits so long for Redis, and takes the last depth known otherwise. */
const PATIENCE_MS = 50;

/** The depth of the queue as it was known last: Redis is asked at most every few seconds, however many ask us. */
export class KnownDepth {
  readonly #ask: () => Promise<QueueDepth | undefined>;
  readonly #clock: Clock;
  #last: QueueDepth | undefined;
  #askedAt = -Infinity;

  constructor(ask: () => Promise<QueueDepth | undefined>, clock: Clock) {
    this.#ask = ask;
    this.#clock = clock;
  }

  get last(): QueueDepth | undefined {
    return this.#last;
  }

  /** Asks Redis if the last answer is old. */
  async refresh(): Promise<void> {
    const now = this.#clock.monotonic();
    if (now - this.#askedAt < INTERVAL_MS) return;
    this.#askedAt = now;
    const asked = this.#ask().then(
      (depth) => {
        this.#last = depth;
      },
      () => undefined,
    );
    await Promise.race([asked, this.#clock.sleep(PATIENCE_MS)]);
  }
}

export function recordDepth(recorder: Recorder, depth: QueueDepth | undefined): void {
  if (depth === undefined) return;
  recorder.set(METRICS.queueDepth, {}, depth.waiting);
  recorder.set(METRICS.processingDepth, {}, depth.held);
  recorder.set(METRICS.deadLetters, {}, depth.deadLetters);
  recorder.set(METRICS.desiredWork, {}, depth.waiting + depth.held);
}
