import type { Emit } from '../facts/flow.ts';
import type { Clock } from '../ports.ts';

/** What held everything up. */
export interface Stall {
  readonly ms: number;
  /** The stages that did it, or if none is known the stages that had jobs meanwhile. */
  readonly stages: readonly string[];
  readonly isCertain: boolean;
}

interface Ended {
  readonly stage: string;
  readonly ms: number;
}

/** Later than so much, and jobs, heartbeats and Redis notice. */
const NOTICED_MS = 1000;

/**
 * Finds out which stage kept the event loop to itself. Code that computes without a pause ends its stage
 * before any timer can fire again: a stage that took as long as the timer was late, and ended meanwhile, is
 * the one.
 */
export class LoopWatch {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #running = new Map<string, number>();
  #ended: Ended[] = [];
  #lookedAt: number;

  /** `everyMs`: how often `look` is to be called. */
  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#lookedAt = clock.monotonic();
  }

  readonly listen: Emit = (fact) => {
    if (fact.type === 'stage started') this.#count(fact.stage, 1);
    if (fact.type !== 'stage ended') return;
    this.#count(fact.stage, -1);
    if (fact.ms >= NOTICED_MS) this.#ended.push({ stage: fact.stage, ms: fact.ms });
  };

  /** What kept everything waiting since the last call, if anything did. */
  look(): Stall | undefined {
    const now = this.#clock.monotonic();
    const ms = now - this.#lookedAt - this.#everyMs;
    const ended = this.#ended;
    this.#lookedAt = now;
    this.#ended = [];
    if (ms < NOTICED_MS) return undefined;
    const culprits = ended.filter((one) => one.ms >= ms - NOTICED_MS).map(({ stage }) => stage);
    const isCertain = culprits.length > 0;
    return {
      ms,
      stages: isCertain ? [...new Set(culprits)] : [...this.#running.keys()],
      isCertain,
    };
  }

  #count(stage: string, by: 1 | -1): void {
    const count = (this.#running.get(stage) ?? 0) + by;
    if (count > 0) this.#running.set(stage, count);
    else this.#running.delete(stage);
  }
}

/** A stall in a sentence, with what to do. */
export function stallLine({ ms, stages, isCertain }: Stall): string {
  const seconds = (ms / 1000).toFixed(1);
  const [only] = stages;
  if (only === undefined) return `Nothing could run for ${seconds} s, though no stage had a job.`;
  const names = stages.map((stage) => `"${stage}"`).join(', ');
  const who = stages.length === 1 ? `Stage ${names}` : `One of the stages ${names}`;
  const how = isCertain ? 'computed' : 'probably computed';
  return (
    `${who} ${how} on the event loop for ${seconds} s; all jobs waited, and Redis may seem not to respond. ` +
    'Put what it computes into a kernel.'
  );
}
