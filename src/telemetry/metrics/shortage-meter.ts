import type { Clock } from '../../ports.ts';
import { METRICS } from '../catalogue.ts';
import type { Recorder } from '../metric.ts';
import { TimeShare } from './time-share.ts';

/** Whether jobs wait for it now. */
export interface Lacking {
  readonly memory: boolean;
  /** Compute threads. */
  readonly threads: boolean;
  /** Model servers that have room for a call. */
  readonly servers: boolean;
}

/** For how much of the last seconds jobs waited for it: 0 to 1. */
export type Shortages = Readonly<Record<keyof Lacking, number>>;

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
  readonly #servers = new TimeShare();
  #lacking: Lacking = { memory: false, threads: false, servers: false };
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
    const { memory, threads, servers } = this.#lacking;
    this.#countedTo = now;
    this.#memory.add(seconds, memory);
    this.#threads.add(seconds, threads);
    this.#servers.add(seconds, servers);
    if (memory) recorder.add(METRICS.memoryBlocked, {}, seconds);
    if (servers) recorder.add(METRICS.serversFull, {}, seconds);
    this.#lacking = lacking();
  };

  get shares(): Shortages {
    this.count();
    return {
      memory: this.#memory.share,
      threads: this.#threads.share,
      servers: this.#servers.share,
    };
  }
}
