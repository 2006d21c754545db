import type { RedisJobClient } from '../../../adapters/redis/redis-job-client.ts';
import { isFinished } from '../../../job/job.ts';
import type { Clock, JobFields } from '../../../ports.ts';

interface JobWatchOptions {
  readonly jobs: RedisJobClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly persistently: <Result>(attempt: () => Promise<Result>) => Promise<Result>;
  /** Told what a job that is waited for says, each time it was asked for. */
  readonly heard: (key: string, fields: JobFields) => void;
}

const INTERVAL_MS = 500;
/** Jobs asked for in one exchange. */
const BATCH = 1000;
const FIELDS = [
  'status',
  'reason',
  'error_code',
  'failures',
  'output_file_name',
  'output_url',
  'children:total',
  'children:done',
  'children:failed',
];

/** Asks Redis for all jobs that are waited for together, again and again, for as long as there are any. */
export class JobWatch {
  readonly #options: JobWatchOptions;
  readonly #waiting = new Map<string, PromiseWithResolvers<JobFields>>();
  #asking = false;

  constructor(options: JobWatchOptions) {
    this.#options = options;
  }

  /** Resolves with the last fields of a job once it is done or failed; with none if its hash is gone. */
  async ended(key: string): Promise<JobFields> {
    const answer = Promise.withResolvers<JobFields>();
    this.#waiting.set(key, answer);
    if (!this.#asking) void this.#askUntilAllEnded();
    return answer.promise;
  }

  async #askUntilAllEnded(): Promise<void> {
    const { clock, signal } = this.#options;
    this.#asking = true;
    try {
      while (this.#waiting.size > 0) {
        await this.#ask([...this.#waiting.keys()]);
        await clock.sleep(INTERVAL_MS, signal);
      }
    } catch (error) {
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    } finally {
      this.#asking = false;
    }
  }

  async #ask(keys: readonly string[]): Promise<void> {
    const { jobs, persistently } = this.#options;
    for (let start = 0; start < keys.length; start += BATCH) {
      const some = keys.slice(start, start + BATCH);
      const answers = await persistently(() => jobs.readFields(some, FIELDS));
      for (const [index, fields] of answers.entries()) this.#settle(some[index] ?? '', fields);
    }
  }

  #settle(key: string, fields: JobFields): void {
    this.#options.heard(key, fields);
    if (fields['status'] !== undefined && !isFinished(fields)) return;
    this.#waiting.get(key)?.resolve(fields);
    this.#waiting.delete(key);
  }
}
