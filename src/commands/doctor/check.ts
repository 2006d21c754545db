import { ERROR_CATALOGUE, KnownError, classify } from '../../errors.ts';

/** One thing that is tried. It throws what is wrong; what it returns is shown. */
export interface Check {
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<string>;
  /** What has gone wrong so far, for a check that goes on trying. */
  readonly trouble?: () => string | undefined;
}

/** Something that is wrong, and what to do about it. */
export class Finding extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** What came out of a check. */
export interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
  readonly remedy: string;
}

/** Runs a check for a limited time, whether or not it minds the signal. */
export async function runCheck({ name, run, trouble }: Check, timeoutMs: number): Promise<Result> {
  const control = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(noAnswer(timeoutMs, trouble?.()));
    control.abort(new KnownError('shutting_down', 'The check took too long.'));
  }, timeoutMs);
  try {
    const text = await Promise.race([late.promise, run(control.signal)]);
    return { name, ok: true, text, remedy: '' };
  } catch (thrown) {
    return { name, ok: false, ...explained(thrown) };
  } finally {
    clearTimeout(timer);
  }
}

function noAnswer(timeoutMs: number, trouble: string | undefined): Finding {
  const message = `no answer within ${timeoutMs / 1000} s`;
  return new Finding(
    trouble === undefined ? message : `${message}: ${trouble}`,
    'See whether the server runs, the address is right and no firewall is between; --timeout waits longer.',
  );
}

function explained(thrown: unknown): Pick<Result, 'text' | 'remedy'> {
  if (thrown instanceof Finding) return { text: thrown.message, remedy: thrown.remedy };
  const { code, message } = classify(thrown);
  return { text: message, remedy: ERROR_CATALOGUE[code].remedy };
}

/** A line for each result, and one for what to do. */
export function resultLines({ name, ok, text, remedy }: Result): string {
  return ok ? `✓ ${name}: ${text}\n` : `✗ ${name}: ${text}\n    To do: ${remedy}\n`;
}
