import type { Clock } from '../ports.ts';

interface Repetition {
  readonly clock: Clock;
  readonly everyMs: number;
  /** Ends the repetition. */
  readonly signal: AbortSignal;
  /** Called with what a round threw; the next round comes all the same. */
  readonly onError: (error: unknown) => void;
}

/** Does something at once and again and again, with a pause after each round, until the signal fires. Never rejects. */
export async function repeat(
  { clock, everyMs, signal, onError }: Repetition,
  round: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await round().catch(onError);
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}
