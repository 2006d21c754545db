import type { Fact } from '../facts/flow.ts';
import type { Clock } from '../ports.ts';

interface HealthOptions {
  readonly clock: Clock;
  /** Why each dependency cannot be used now, if so. */
  readonly problems: Readonly<Record<string, () => string | undefined>>;
  readonly stopping: () => boolean;
  /** The intake loop is taken for stuck when it has not turned for this long. */
  readonly stuckAfterMs: number;
  /** True while the intake waits for a permit: then it need not turn. */
  readonly full: () => boolean;
}

/** Whether the process should live, and whether it can work. */
export class Health {
  readonly #options: HealthOptions;
  #turnedAt: number;
  #started = false;

  constructor(options: HealthOptions) {
    this.#options = options;
    this.#turnedAt = options.clock.monotonic();
  }

  readonly listen = (fact: Fact): void => {
    if (fact.type !== 'intake turned' && fact.type !== 'intake failed') return;
    this.#turnedAt = this.#options.clock.monotonic();
    if (fact.type === 'intake turned') this.#started = true;
  };

  /** The intake loop has turned once: settings are right and Redis has answered. */
  started(): boolean {
    return this.#started;
  }

  /** Undefined while the intake loop turns; never depends on whether a dependency is up. */
  stuck(): string | undefined {
    const { clock, stuckAfterMs, full, stopping } = this.#options;
    const silentMs = clock.monotonic() - this.#turnedAt;
    if (silentMs < stuckAfterMs || full() || stopping()) return undefined;
    return `The intake loop has not turned for ${Math.round(silentMs / 1000)} s.`;
  }

  /** Why no jobs can be taken or worked on now; empty when all is well. */
  notReady(): Readonly<Record<string, string>> {
    const { problems, stopping } = this.#options;
    const found = Object.entries(problems).map(([name, problem]) => [name, problem()] as const);
    const reasons = [
      ...found,
      ['intake', this.#started ? this.stuck() : 'The intake loop has not turned yet.'],
      ['shutdown', stopping() ? 'The consumer is stopping.' : undefined],
    ] as const;
    return Object.fromEntries(
      reasons.flatMap(([name, why]) => (why === undefined ? [] : [[name, why]])),
    );
  }
}
