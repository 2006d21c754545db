interface Failing {
  /** When the first attempt of the current run of failures ended. */
  readonly since: number;
  readonly lastAt: number;
}

interface Served {
  readonly job: string;
  /** When the attempt that succeeded began: it tells nothing about the time before. */
  readonly startedAt: number;
}

interface Returned {
  readonly at: number;
  readonly rounds: number;
}

/** Jobs whose returns are remembered; the oldest are forgotten first. */
const REMEMBERED_RETURNS = 1000;

/** How many budgets a job may spend, while the remote served others in between, before the job itself is at fault. */
const ROUNDS = 3;

/**
 * How a remote answered lately, by distinct jobs: one job that fails again and again is no evidence against the remote,
 * and no success of a job excuses its own failures. Times are those of a monotonic clock. What is kept is
 * bounded by the number of jobs in flight.
 */
export class RecentAnswers {
  readonly #failing = new Map<string, Failing>();
  readonly #failedInARow = new Set<string>();
  readonly #returned = new Map<string, Returned>();
  /** The latest successes of two different jobs, latest first: one of them is always that of another job. */
  #served: readonly Served[] = [];

  /** Distinct jobs that failed since the last success of any job. */
  get failedInARow(): number {
    return this.#failedInARow.size;
  }

  served(job: string, startedAt: number): void {
    this.#failing.delete(job);
    this.#failedInARow.clear();
    this.#served = [{ job, startedAt }, ...this.#served.filter((one) => one.job !== job)].slice(
      0,
      2,
    );
  }

  failed(job: string, at: number): void {
    this.#failing.set(job, { since: this.#failing.get(job)?.since ?? at, lastAt: at });
    this.#failedInARow.add(job);
  }

  /** The job makes no more attempts. */
  left(job: string): void {
    this.#failing.delete(job);
  }

  /** When the job began to fail; undefined if its last attempt succeeded or none has ended. */
  failingSince(job: string): number | undefined {
    return this.#failing.get(job)?.since;
  }

  /** When the job failed last; `-Infinity` if it has not. */
  lastFailure(job: string): number {
    return this.#failing.get(job)?.lastAt ?? -Infinity;
  }

  /** Whether another job succeeded with an attempt that began at `time` or later. */
  servedOthersSince(job: string, time: number): boolean {
    return this.#served.some((one) => one.job !== job && one.startedAt >= time);
  }

  /**
   * The job has spent another budget without success. True if it has done so often, and the remote served others each
   * time in between: then the remote is not to blame, however it answers now.
   */
  spentAgain(job: string, at: number): boolean {
    const before = this.#returned.get(job);
    const servedOthers = before !== undefined && this.servedOthersSince(job, before.at);
    const rounds = servedOthers ? before.rounds + 1 : 1;
    this.#returned.delete(job);
    if (rounds >= ROUNDS) return true;
    this.#returned.set(job, { at, rounds });
    const [oldest] = this.#returned.keys();
    if (oldest !== undefined && this.#returned.size > REMEMBERED_RETURNS)
      this.#returned.delete(oldest);
    return false;
  }
}
