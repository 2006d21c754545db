import { safeMessage } from '../error-message.ts';
import type { Job } from './job.ts';

/** Warnings that a job may have; a hash is read by people. */
const MOST = 20;

/** What a job says besides its outcome: nothing failed, but the result may be another than the user expects. */
export class JobWarnings {
  readonly #messages = new Set<string>();
  readonly #onNew: (message: string) => void;
  #leftOut = 0;

  /**
   * `onNew` is called with each message the first time: a stage that runs again says the same again.
   * `begun`: the job, if an earlier phase of this run has left warnings in its hash.
   */
  constructor(
    onNew: (message: string) => void = () => {},
    first: readonly string[] = [],
    begun?: Job,
  ) {
    this.#onNew = onNew;
    const earlier = begun?.fields['warnings'] ?? '';
    for (const line of earlier.split('\n')) if (line !== '') this.#messages.add(line);
    for (const message of first) this.add(message);
  }

  add(message: string): void {
    const line = safeMessage(message);
    if (this.#messages.has(line)) return;
    if (this.#messages.size < MOST) this.#messages.add(line);
    else this.#leftOut += 1;
    this.#onNew(line);
  }

  /** What the hash of the job is to say: nothing if there are none, unless an earlier run of it had some. */
  field({ fields }: Job): { readonly warnings?: string } {
    const { text } = this;
    return text !== '' || fields['warnings'] !== undefined ? { warnings: text } : {};
  }

  /** One line each, for the field `warnings`; empty if there are none. */
  get text(): string {
    const more = this.#leftOut > 0 ? [`And ${this.#leftOut} more; the log has them.`] : [];
    return [...this.#messages, ...more].join('\n');
  }
}
