import { classify } from '../errors.ts';
import type { Emit, Fact } from '../facts/flow.ts';
import type { Clock, FieldUpdates, JobStore } from '../ports.ts';

interface Reporting {
  readonly store: JobStore;
  readonly clock: Clock;
  readonly hostName: string;
  /** Names of the stages in order, to tell how far a job is. */
  readonly stages: readonly string[];
  readonly emit: Emit;
}

interface Line {
  written: Promise<void>;
  percent: number;
  progressAt: number;
}

const PROGRESS_INTERVAL_MS = 2000;

/**
 * Keeps the hashes of jobs in flight up to date: their status, progress and timings. Writes of one job keep their order. A write
 * that fails is not repeated, because the next one, or the last, brings the same fields.
 */
export class ProgressReporter {
  readonly #reporting: Reporting;
  readonly #lines = new Map<string, Line>();

  constructor(reporting: Reporting) {
    this.#reporting = reporting;
  }

  readonly listen = (fact: Fact): void => {
    if (fact.type === 'job started') {
      const fields = { status: 'started', identity_started: this.#reporting.hostName };
      this.#write(fact.job.key, fields);
    } else if (fact.type === 'stage started' && fact.status !== undefined) {
      const progress = this.#percent(fact.job.key, fact.stage, 0);
      this.#write(fact.job.key, { ...fact.notes, status: fact.status, progress });
    } else if (fact.type === 'stage progressed') {
      this.#tell(fact.job.key, fact.stage, fact.done);
    } else if (fact.type === 'job ended') {
      this.#lines.delete(fact.key);
    }
  };

  /** Resolves when no write of this job is under way any more. */
  async written(key: string): Promise<void> {
    await this.#lines.get(key)?.written;
  }

  #line(key: string): Line {
    const line = this.#lines.get(key) ?? {
      written: Promise.resolve(),
      percent: 0,
      progressAt: -Infinity,
    };
    this.#lines.set(key, line);
    return line;
  }

  #tell(key: string, stage: string, done: number): void {
    const line = this.#line(key);
    const now = this.#reporting.clock.monotonic();
    if (now - line.progressAt < PROGRESS_INTERVAL_MS) return;
    line.progressAt = now;
    this.#write(key, { progress: this.#percent(key, stage, done) });
  }

  /** How far the job is, 0 to 99; never less than before. */
  #percent(key: string, stage: string, done: number): string {
    const { stages } = this.#reporting;
    const line = this.#line(key);
    const percent = Math.floor((100 * (Math.max(stages.indexOf(stage), 0) + done)) / stages.length);
    line.percent = Math.max(line.percent, Math.min(percent, 99));
    return String(line.percent);
  }

  #write(key: string, fields: FieldUpdates): void {
    const { store, emit } = this.#reporting;
    const line = this.#line(key);
    line.written = line.written
      .then(() => store.update(key, fields))
      .then(
        () => undefined,
        (thrown: unknown) => {
          const { code, message } = classify(thrown);
          emit({ type: 'write failed', key, code, message });
        },
      );
  }
}
