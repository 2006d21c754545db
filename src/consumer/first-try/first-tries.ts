import { withTimeout } from '../../abort.ts';
import { KnownError, classify } from '../../errors.ts';
import type { Fact } from '../../facts/flow.ts';
import type { Clock } from '../../ports.ts';
import type { FirstFindings } from '../../telemetry/health.ts';

/** What came of a try: `up` after an answer, with a remark if the answer leaves something open. */
export type Found =
  | { readonly state: 'up'; readonly remark?: string }
  /** No job can be done. */
  | { readonly state: 'down'; readonly problem: string }
  /** Some jobs cannot be done. */
  | { readonly state: 'partly'; readonly problem: string };

/** Something outside that jobs need, and how it is tried. */
export interface FirstTry {
  /** Its key among the reasons of `/ready`, such as `bucket`. */
  readonly name: string;
  /** As log lines name it, such as "The bucket gs://field". */
  readonly what: string;
  /** Must not write anything. May throw: nothing works then. */
  readonly attempt: (signal: AbortSignal) => Promise<Found>;
  /** What is known of the trouble while no answer comes. */
  readonly trouble?: () => string | undefined;
  /** What to do where no answer comes. */
  readonly remedy: string;
  /** Stages that need it: a job that has passed one of them proves that it works. */
  readonly provenBy?: ReadonlySet<string>;
}

interface Options {
  readonly tries: readonly FirstTry[];
  readonly clock: Clock;
  /** How long an attempt may take. */
  readonly limitMs?: number;
  /** Hears why something cannot be used, again and again, and once nothing when it can be. */
  readonly tell: (what: string, problem: string | undefined) => void;
}

const LIMIT_MS = 10_000;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Tries at the start everything that jobs will need: until it has answered, it is not reported as working.
 * What does not answer is tried again until it does. From the first answer on, circuit breakers know better:
 * what was up once is never tried again, so that readiness does not flap.
 */
export class FirstTries {
  readonly #options: Options;
  readonly #found = new Map<string, Found>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Ends when everything has answered or `signal` fires. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#options.tries.map((one) => this.#untilUp(one, signal)));
  }

  /** Hears what jobs do: what serves them needs no other try. */
  readonly listen = (fact: Fact): void => {
    if (fact.type !== 'stage ended' || fact.error !== undefined) return;
    for (const one of this.#options.tries) {
      if (one.provenBy?.has(fact.stage) && !this.#isUp(one)) this.#note(one, { state: 'up' });
    }
  };

  findings(): FirstFindings {
    const all = this.#options.tries.map(
      ({ name, what }) => [name, what, this.#found.get(name)] as const,
    );
    const reasons = all.flatMap(([name, what, found]) => {
      if (found === undefined) return [[name, `${what} has not been tried yet.`]];
      return found.state === 'down' ? [[name, found.problem]] : [];
    });
    const untried = all.flatMap(([name, , found]) => (found === undefined ? [name] : []));
    const warnings = all.flatMap(([, , found]) => {
      if (found?.state === 'partly') return [found.problem];
      return found?.state === 'up' ? (found.remark ?? []) : [];
    });
    // Each entry is made of two strings.
    return { reasons: Object.fromEntries(reasons) as Record<string, string>, untried, warnings };
  }

  async #untilUp(one: FirstTry, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const found = await this.#attempt(one, signal);
      if (signal.aborted || this.#isUp(one)) return;
      this.#note(one, found);
      if (found.state === 'up') return;
      await clock.sleep(pauseMs, signal).catch(() => undefined);
      if (this.#isUp(one)) return;
    }
  }

  #isUp({ name }: FirstTry): boolean {
    return this.#found.get(name)?.state === 'up';
  }

  #note({ name, what }: FirstTry, found: Found): void {
    this.#found.set(name, found);
    this.#options.tell(what, found.state === 'up' ? undefined : found.problem);
  }

  async #attempt(one: FirstTry, signal: AbortSignal): Promise<Found> {
    const { limitMs = LIMIT_MS } = this.#options;
    const onTimeout = (): KnownError => new KnownError('stage_timeout', noAnswer(one, limitMs));
    try {
      return await withTimeout({ signal, timeoutMs: limitMs, onTimeout }, one.attempt);
    } catch (error) {
      return { state: 'down', problem: classify(error).message };
    }
  }
}

function noAnswer({ what, trouble, remedy }: FirstTry, limitMs: number): string {
  return `${trouble?.() ?? `${what} has not answered within ${limitMs / 1000} s.`} ${remedy}`;
}
