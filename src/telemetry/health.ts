import type { Emit, Fact } from '../facts/flow.ts';
import type { Clock } from '../ports.ts';
import { duration } from './duration.ts';

export interface HealthOptions {
  readonly clock: Clock;
  readonly queues: readonly string[];
  /** Why each dependency cannot be used now, if so. */
  readonly problems: Readonly<Record<string, () => string | undefined>>;
  /** What was found when dependencies were tried first. */
  readonly firstFindings?: () => FirstFindings;
  readonly stopping: () => boolean;
  /** An intake loop is taken for stuck when it has asked Redis for nothing for this long. */
  readonly stuckAfterMs: number;
  /** A consumer that is full is taken for stuck when no job has got on for this long; 0: never. */
  readonly stalledAfterMs: number;
  /** True while the intake waits for a permit: then it need not ask for jobs. */
  readonly full: () => boolean;
}

/** What the first tries of dependencies have found so far. */
export interface FirstFindings {
  /** Why no job can be done, or that it is not known yet, by the name of the dependency. */
  readonly reasons: Readonly<Record<string, string>>;
  /** Names of those reasons that only say that no answer has come yet. */
  readonly untried: readonly string[];
  /** What hinders some jobs, or may. */
  readonly warnings: readonly string[];
}

/** Facts that tell that a job gets on. */
const MOVES: ReadonlySet<Fact['type']> = new Set([
  'job started',
  'job ended',
  'stage started',
  'stage retried',
  'stage progressed',
  'stage ended',
  'bytes moved',
]);

/** Whether the process should live, and whether it can work. */
export class Health {
  readonly #options: HealthOptions;
  /** When each intake loop turned last, by its queue. */
  readonly #turnedAt: Map<string, number>;
  /** Queues that Redis has not been asked for yet. */
  readonly #unasked: Set<string>;
  #movedAt: number;
  /** Why each remote serves no job now: the words with which its circuit breaker opened. */
  readonly #outages = new Map<string, string>();

  constructor(options: HealthOptions) {
    this.#options = options;
    this.#movedAt = options.clock.monotonic();
    this.#turnedAt = new Map(options.queues.map((queue) => [queue, this.#movedAt]));
    this.#unasked = new Set(options.queues);
  }

  /** Listens to what happens with the jobs of a queue. */
  readonly listenTo =
    (queue: string): Emit =>
    (fact) => {
      this.listen(fact);
      if (fact.type === 'intake polled') this.#unasked.delete(queue);
      if (fact.type !== 'intake polled' && fact.type !== 'intake failed') return;
      this.#turnedAt.set(queue, this.#options.clock.monotonic());
    };

  readonly listen = (fact: Fact): void => {
    if (MOVES.has(fact.type)) this.moved();
    if (fact.type === 'breaker changed') {
      if (fact.state === 'closed') this.#outages.delete(fact.remote);
      else this.#outages.set(fact.remote, fact.reason);
    }
  };

  /** A job has got on. */
  moved(): void {
    this.#movedAt = this.#options.clock.monotonic();
  }

  /** Redis has been asked for a job of each queue: settings are right and Redis has answered. */
  started(): boolean {
    return this.#unasked.size === 0;
  }

  /** Why the process should be restarted, if so; never because a dependency is down. */
  stuck(): string | undefined {
    const { clock, full, stopping, stuckAfterMs } = this.#options;
    if (stopping()) return undefined;
    if (full()) return this.#stalled();
    const [silent] = [...this.#turnedAt].toSorted(([, one], [, other]) => one - other);
    const silentMs = clock.monotonic() - (silent?.[1] ?? Infinity);
    if (silentMs < stuckAfterMs) return undefined;
    const of = this.#turnedAt.size > 1 ? ` of "${silent?.[0]}"` : '';
    return `Redis has not been asked for jobs${of} for ${duration(silentMs)}.`;
  }

  /** Why no jobs can be taken or worked on now; empty when all is well. */
  notReady(): Readonly<Record<string, string>> {
    const { stopping, firstFindings } = this.#options;
    const reasons = [
      ...Object.entries(firstFindings?.().reasons ?? {}),
      ...this.#outagesNow(),
      ['intake', this.started() ? this.stuck() : 'No job has been requested from Redis yet.'],
      ['shutdown', stopping() ? 'The consumer is stopping.' : undefined],
    ] as const;
    return Object.fromEntries(
      reasons.flatMap(([name, why]) => (why === undefined ? [] : [[name, why]])),
    );
  }

  /** Keys of `notReady` that nothing is known of yet. */
  notTried(): readonly string[] {
    return this.#options.firstFindings?.().untried ?? [];
  }

  /** What hinders some jobs, or may; the others can be done. */
  warnings(): readonly string[] {
    return this.#options.firstFindings?.().warnings ?? [];
  }

  /** Why each dependency cannot be used now; undefined for those that can. */
  #outagesNow(): (readonly [string, string | undefined])[] {
    const problems = Object.entries(this.#options.problems);
    return [...problems.map(([name, problem]) => [name, problem()] as const), ...this.#outages];
  }

  /** Jobs may wait for a dependency for ever. The time that nothing moved counts from when all of them were back. */
  #stalled(): string | undefined {
    const { clock, stalledAfterMs } = this.#options;
    const now = clock.monotonic();
    if (this.#outagesNow().some(([, problem]) => problem !== undefined)) this.#movedAt = now;
    const stalledMs = now - this.#movedAt;
    if (stalledAfterMs === 0 || stalledMs < stalledAfterMs) return undefined;
    return `All jobs that may be held are here, and none has got on for ${duration(stalledMs)}.`;
  }
}
