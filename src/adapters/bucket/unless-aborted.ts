import { classify } from '../../errors.ts';

/** The result of some work; or, as soon as the signal fires, a rejection with its reason, even if the work does not stop. */
export async function unlessAborted<Result>(
  signal: AbortSignal,
  work: Promise<Result>,
): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(classify(signal.reason));
  work.catch(() => undefined);
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([promise, work]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
