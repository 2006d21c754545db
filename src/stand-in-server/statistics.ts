/** What a model server has done so far. */
export interface Figures {
  /** Batches accepted, answered and failed. */
  readonly batches: number;
  readonly answered: number;
  readonly failed: number;
  /** Rows of the batches accepted. */
  readonly rows: number;
  /** Rows of the largest batch. */
  readonly largestBatch: number;
  /** Batches under way, computed or waiting, now and at most. */
  readonly underWay: number;
  readonly mostUnderWay: number;
}

/** Counts batches. */
export class Statistics {
  #figures: Figures = {
    batches: 0,
    answered: 0,
    failed: 0,
    rows: 0,
    largestBatch: 0,
    underWay: 0,
    mostUnderWay: 0,
  };

  get figures(): Figures {
    return this.#figures;
  }

  async around<Result>(
    { rows }: { readonly rows: number },
    work: () => Promise<Result>,
  ): Promise<Result> {
    this.#begin(rows);
    try {
      const result = await work();
      this.#change(({ answered }) => ({ answered: answered + 1 }));
      return result;
    } catch (error) {
      this.#change(({ failed }) => ({ failed: failed + 1 }));
      throw error;
    } finally {
      this.#change(({ underWay }) => ({ underWay: underWay - 1 }));
    }
  }

  #begin(rows: number): void {
    this.#change((before) => ({
      batches: before.batches + 1,
      rows: before.rows + rows,
      largestBatch: Math.max(before.largestBatch, rows),
      underWay: before.underWay + 1,
      mostUnderWay: Math.max(before.mostUnderWay, before.underWay + 1),
    }));
  }

  #change(change: (before: Figures) => Partial<Figures>): void {
    this.#figures = { ...this.#figures, ...change(this.#figures) };
  }
}
