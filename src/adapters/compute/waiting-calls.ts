/** A call that waits for a thread, and whose it is. */
export interface Queued {
  /** The queue that its job is from; calls without one have turns of their own. */
  readonly queue: string;
}

/**
 * Calls that wait for a thread. Queues take turns: the next call is from the queue with the fewest that run, of
 * those from the one whose turn is longest ago; calls of one queue come in their order. So a flood of jobs on
 * one queue delays a call of another by no more than the calls that run.
 */
export class WaitingCalls<Call extends Queued> {
  readonly #calls = new Set<Call>();
  readonly #running = new Map<string, number>();
  readonly #turns = new Map<string, number>();
  #turn = 0;

  get size(): number {
    return this.#calls.size;
  }

  add(call: Call): void {
    this.#calls.add(call);
  }

  /** Forgets a call; whether it was there. */
  delete(call: Call): boolean {
    return this.#calls.delete(call);
  }

  /** Takes the next call, which runs until `ended`. */
  take(): Call | undefined {
    let best: Call | undefined;
    for (const call of this.#calls) {
      if (best === undefined || this.#isBefore(call.queue, best.queue)) best = call;
    }
    if (best === undefined) return undefined;
    this.#calls.delete(best);
    this.#running.set(best.queue, this.#runningOf(best.queue) + 1);
    this.#turns.set(best.queue, ++this.#turn);
    return best;
  }

  ended({ queue }: Call): void {
    this.#running.set(queue, this.#runningOf(queue) - 1);
  }

  /** Takes all, in their order. */
  clear(): readonly Call[] {
    const all = [...this.#calls];
    this.#calls.clear();
    return all;
  }

  #isBefore(one: string, other: string): boolean {
    const [ones, others] = [this.#runningOf(one), this.#runningOf(other)];
    return ones < others || (ones === others && this.#turnOf(one) < this.#turnOf(other));
  }

  #runningOf(queue: string): number {
    return this.#running.get(queue) ?? 0;
  }

  #turnOf(queue: string): number {
    return this.#turns.get(queue) ?? 0;
  }
}
