import { KnownError } from '../errors.ts';
import type { Clock, DeadLetters, JobFamilies, JobHashes, JobQueue } from '../ports.ts';
import { InMemoryFamilies } from './in-memory-jobs/families.ts';
import { InMemoryHashes } from './in-memory-jobs/hashes.ts';
import { InMemoryLetters } from './in-memory-jobs/letters.ts';
import type { Answering } from './in-memory-jobs/answering.ts';
import { InMemoryQueue } from './in-memory-jobs/queue.ts';
import { JobState } from './in-memory-jobs/state.ts';

/** One process as a consumer of one queue. */
export interface InMemoryConsumer {
  readonly queue: JobQueue;
  readonly hashes: JobHashes;
  readonly families: JobFamilies;
}

interface ConsumerOptions {
  readonly queue?: string;
  readonly host?: string;
  readonly popSeconds?: number;
  readonly childrenInQueue?: number;
  readonly expireSeconds?: number;
}

/**
 * One Redis in memory for any number of consumers, with the same contract suite as the real one. The clock
 * given is the one of the server: leases run out as it moves. `state` is what lies in Redis; tests act on it
 * as other consumers or the janitor would.
 *
 * @example
 * const server = new InMemoryJobs(clock);
 * const { queue, hashes } = server.consumer({ queue: 'image', host: 'pod-1' });
 * server.submit('image', 'image:a.tif:1', { status: 'new', input_file_name: 'a.tif' });
 */
export class InMemoryJobs {
  readonly state: JobState;
  readonly letters: DeadLetters;
  /**
   * `down`: nothing is done. `mute`: things are done, but no answer comes. Either way calls reject with
   * `redis_unreachable`.
   */
  trouble: 'none' | 'down' | 'mute' = 'none';
  readonly #clock: Clock;
  #consumers = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.state = new JobState(clock);
    this.letters = new InMemoryLetters(this.#answering());
  }

  /** Creates a job and puts its key into a queue. */
  submit(queue: string, key: string, fields: Readonly<Record<string, string>>): void {
    this.state.write(key, fields);
    this.state.pushLeft(queue, key);
  }

  /** The fields of a job; none if there is no such job. */
  fields(key: string): Record<string, string> {
    return Object.fromEntries(this.state.hash(key) ?? []);
  }

  /** A process that has just started; not yet registered. */
  consumer(options: ConsumerOptions = {}): InMemoryConsumer {
    const { queue = 'image', host = 'pod-1', popSeconds = 5 } = options;
    const owner = `${String(++this.#consumers).padStart(32, '0')}@${host}`;
    const common = { ...this.#answering(), member: { queue, host, owner } };
    const { childrenInQueue = 250, expireSeconds = 3600 } = options;
    return {
      queue: new InMemoryQueue({ ...common, clock: this.#clock, popSeconds }),
      hashes: new InMemoryHashes({ ...common, expireSeconds }),
      families: new InMemoryFamilies({ ...common, childrenInQueue }),
    };
  }

  #answering(): Answering {
    return {
      state: this.state,
      ask: async (question) => {
        if (this.trouble === 'down') throw this.#unreachable();
        const answer = question();
        if (this.trouble === 'mute') throw this.#unreachable();
        return answer;
      },
      problem: () => (this.trouble === 'none' ? undefined : this.#unreachable().message),
    };
  }

  #unreachable(): KnownError {
    return new KnownError('redis_unreachable', `Redis is ${this.trouble}.`);
  }
}
