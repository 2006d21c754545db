import { type KnownError, classify } from './errors.ts';

/**
 * Calls `act` with the reason of the signal once it fires, at once if it has fired already. The result removes the
 * listener: call it in `finally`, because a listener that stays keeps what it refers to alive for as long as the signal
 * or, with `AbortSignal.any`, any of its sources.
 */
export function onAbort(signal: AbortSignal, act: (reason: KnownError) => void): () => void {
  const listener = (): void => act(classify(signal.reason));
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

/**
 * The result of `work`, or a rejection with the reason of the signal as soon as it fires, even if the work does not
 * stop. What the work does later is ignored. Nothing stays registered with the signal.
 */
export async function abortable<Result>(
  signal: AbortSignal,
  work: Promise<Result>,
): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  work.catch(() => undefined);
  const stopListening = onAbort(signal, reject);
  try {
    return await Promise.race([promise, work]);
  } catch (error) {
    // Work that listens to the signal too may have rejected first, with an error of its own for the abort.
    throw signal.aborted ? classify(signal.reason) : error;
  } finally {
    stopListening();
  }
}

export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Milliseconds; undefined for no limit. */
  readonly timeoutMs: number | undefined;
  /** The error that stands for a timeout. */
  readonly onTimeout: () => KnownError;
}

/**
 * The result of `work`, or a rejection when `signal` fires or the time is over, whichever comes first. The work gets a
 * signal for both; once it has ended, that signal follows `signal` alone.
 */
export async function withTimeout<Result>(
  { signal, timeoutMs, onTimeout }: TimeLimit,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = new AbortController();
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => limit.abort(onTimeout()), timeoutMs);
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    if (either.aborted) throw classify(either.reason);
    return await abortable(either, work(either));
  } finally {
    clearTimeout(timer);
  }
}

/** Why a wait is over whose end nobody needs any more. One for all, since making an error takes its time. */
export const NOT_NEEDED = new DOMException('It is not needed any more.', 'AbortError');
