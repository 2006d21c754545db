/** Share of the expected size that is still expected after one more, smaller job. */
const FORGETTING = 0.9;
const BEFORE_ANY = '';

/** The most that one job has reserved in each of its stages. */
export class StagePeaks {
  /** In the order in which the job came to the stages. */
  readonly #peaks = new Map<string, number>();
  #stage = BEFORE_ANY;

  /** Where the job is now. */
  get stage(): string {
    return this.#stage;
  }

  /** The job comes to a stage with this many bytes reserved. */
  arrive(stage: string, bytes: number): void {
    this.#stage = stage;
    this.reach(bytes);
  }

  /** The job has this many bytes reserved now. */
  reach(bytes: number): void {
    this.#peaks.set(this.#stage, Math.max(this.#peaks.get(this.#stage) ?? 0, bytes));
  }

  /** Each stage with the most that was reserved in it or a later one; the last stage first. */
  *ahead(): Generator<readonly [stage: string, bytes: number]> {
    let most = 0;
    for (const [stage, bytes] of [...this.#peaks].toReversed()) {
      most = Math.max(most, bytes);
      yield [stage, most];
    }
  }
}

/** What jobs are expected to reserve, as jobs did lately: in all, and from each stage of a queue to the end. */
export class ExpectedPeaks {
  /** By queue and stage. */
  readonly #ahead = new Map<string, Map<string, number>>();
  #whole = 0;

  /** The most that a job of any queue is expected to reserve. */
  get whole(): number {
    return this.#whole;
  }

  /** The most that a job of this queue is expected to reserve in this stage or a later one. */
  ahead(queue: string, { stage }: StagePeaks): number {
    return this.#ahead.get(queue)?.get(stage) ?? this.#whole;
  }

  /** A job of this queue has ended. */
  learn(queue: string, peaks: StagePeaks): void {
    const stages = this.#ahead.get(queue) ?? new Map<string, number>();
    this.#ahead.set(queue, stages);
    let most = 0;
    for (const [stage, bytes] of peaks.ahead()) {
      most = bytes;
      stages.set(stage, Math.max(bytes, FORGETTING * (stages.get(stage) ?? 0)));
    }
    if (most > 0) this.#whole = Math.max(most, FORGETTING * this.#whole);
  }
}
