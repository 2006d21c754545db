import { classify } from '../errors.ts';
import type { Emit, Fact } from '../facts/flow.ts';
import type { Claim, Clock, JobHashes } from '../ports.ts';

interface Reporting {
  readonly hashes: JobHashes;
  readonly clock: Clock;
  /** Names of the stages in order, to tell how far a job is; none for jobs whose children tell. */
  readonly stages: readonly string[];
  readonly claimOf: (key: string) => Claim | undefined;
  /** Called when a write was refused because the claim is lost. */
  readonly onLost: (claim: Claim) => void;
  readonly emit: Emit;
}

interface Line {
  /** The write in flight. */
  writing: Promise<void> | undefined;
  /** What is to be written next: one write however many changes came meanwhile. */
  next: Record<string, string> | undefined;
  percent: number;
  progressAt: number;
}

const PROGRESS_INTERVAL_MS = 2000;

/**
 * Keeps the hashes of jobs in flight up to date: their status, progress and timings. At most one write of a
 * job is in flight and one waits. A write that fails is not repeated, because the next one, or the last,
 * brings the same fields.
 */
export class ProgressReporter {
  readonly #reporting: Reporting;
  readonly #lines = new Map<string, Line>();

  constructor(reporting: Reporting) {
    this.#reporting = reporting;
  }

  readonly listen = (fact: Fact): void => {
    if (fact.type === 'stage started' && fact.status !== undefined) {
      const progress = this.#progress(fact.job.key, fact.stage, 0);
      this.#line(fact.job.key).progressAt = this.#reporting.clock.monotonic();
      this.#write(fact.job.key, { ...fact.notes, status: fact.status, ...progress });
    } else if (fact.type === 'stage progressed') {
      this.#stageProgressed(fact.job.key, fact.stage, fact.done);
    } else if (fact.type === 'job ended') {
      this.#lines.delete(fact.key);
    }
  };

  /** Drops what was not written yet and waits for the write in flight: the last write brings all fields. */
  async stop(key: string): Promise<void> {
    const line = this.#lines.get(key);
    if (line === undefined) return;
    line.next = undefined;
    await line.writing;
  }

  #line(key: string): Line {
    const line = this.#lines.get(key) ?? {
      writing: undefined,
      next: undefined,
      percent: 0,
      progressAt: -Infinity,
    };
    this.#lines.set(key, line);
    return line;
  }

  #stageProgressed(key: string, stage: string, share: number): void {
    const line = this.#line(key);
    const now = this.#reporting.clock.monotonic();
    if (now - line.progressAt < PROGRESS_INTERVAL_MS) return;
    line.progressAt = now;
    const progress = this.#progress(key, stage, share);
    if (progress) this.#write(key, progress);
  }

  /** How far the job is, 0 to 99; never less than before. */
  #progress(key: string, stage: string, share: number): { progress: string } | undefined {
    const { stages } = this.#reporting;
    const index = stages.indexOf(stage);
    if (index < 0) return undefined;
    const line = this.#line(key);
    const percent = Math.floor((100 * (index + share)) / stages.length);
    line.percent = Math.max(line.percent, Math.min(percent, 99));
    return { progress: String(line.percent) };
  }

  #write(key: string, fields: Readonly<Record<string, string>>): void {
    const line = this.#line(key);
    line.next = { ...line.next, ...fields };
    line.writing ??= this.#writeAll(key, line);
  }

  async #writeAll(key: string, line: Line): Promise<void> {
    for (let fields = line.next; fields !== undefined; fields = line.next) {
      line.next = undefined;
      await this.#writeOnce(key, fields);
    }
    line.writing = undefined;
  }

  async #writeOnce(key: string, fields: Readonly<Record<string, string>>): Promise<void> {
    const { hashes, claimOf, onLost, emit } = this.#reporting;
    const claim = claimOf(key);
    if (claim === undefined) return;
    try {
      if (!(await hashes.update(claim, fields))) onLost(claim);
    } catch (thrown) {
      const { code, message } = classify(thrown);
      emit({ type: 'write failed', key, code, message });
    }
  }
}
