import type { Emit } from '../../facts/flow.ts';
import { METRICS } from '../catalogue.ts';
import type { Recorder } from '../metric.ts';

interface Share {
  readonly stage: string;
  readonly bytes: number;
}

/** Sums up the memory that jobs have reserved, by the stage that each was in last. */
export class StageMemoryMeter {
  readonly #recorder: Recorder;
  readonly #shares = new Map<string, Share>();
  readonly #sums = new Map<string, number>();

  constructor(recorder: Recorder, stages: Iterable<string>) {
    this.#recorder = recorder;
    for (const stage of stages) this.#add(stage, 0);
  }

  readonly listen: Emit = (fact) => {
    if (fact.type === 'memory reserved') this.#record(fact.job.key, fact);
    else if (fact.type === 'job ended') this.#forget(fact.key);
  };

  #record(key: string, { stage, bytes }: Share): void {
    this.#forget(key);
    this.#shares.set(key, { stage, bytes });
    this.#add(stage, bytes);
  }

  #forget(key: string): void {
    const share = this.#shares.get(key);
    if (share === undefined) return;
    this.#shares.delete(key);
    this.#add(share.stage, -share.bytes);
  }

  #add(stage: string, bytes: number): void {
    const sum = (this.#sums.get(stage) ?? 0) + bytes;
    this.#sums.set(stage, sum);
    this.#recorder.set(METRICS.stageMemory, { stage }, sum);
  }
}
