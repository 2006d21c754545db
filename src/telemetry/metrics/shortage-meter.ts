import type { Clock } from '../../ports.ts';
import { METRICS } from '../catalogue.ts';
import type { Recorder } from '../metric.ts';
import { TimeShare } from './time-share.ts';

/** Whether jobs wait for it now. */
interface Lacking {
  readonly memory: boolean;
  readonly threads: boolean;
}

/** For how much of the last seconds jobs waited for it: 0 to 1. */
export interface Shortages {
  readonly memory: number;
  /** Compute threads. */
  readonly threads: number;
}

interface Options {
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly lacking: () => Lacking;
}

/**
 * Counts the time in which jobs wait for what all stages share. What they wait for changes when something happens, so
 * it is looked at with every fact; until the next one it counts as it was.
 */
export class ShortageMeter {
  readonly #options: Options;
  readonly #memory = new TimeShare();
  readonly #threads = new TimeShare();
  #lacking: Lacking = { memory: false, threads: false };
  #countedTo: number;

  constructor(options: Options) {
    this.#options = options;
    this.#countedTo = options.clock.monotonic();
  }

  /** Counts the time up to now, and looks what is lacking from now on. */
  readonly count = (): void => {
    const { recorder, clock, lacking } = this.#options;
    const now = clock.monotonic();
    const seconds = (now - this.#countedTo) / 1000;
    const { memory, threads } = this.#lacking;
    this.#countedTo = now;
    this.#memory.add(seconds, memory);
    this.#threads.add(seconds, threads);
    if (memory) recorder.add(METRICS.memoryBlocked, {}, seconds);
    this.#lacking = lacking();
  };

  get shares(): Shortages {
    this.count();
    return { memory: this.#memory.share, threads: this.#threads.share };
  }
}
