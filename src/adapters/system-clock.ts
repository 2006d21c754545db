import type { Clock } from '../ports.ts';

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep,
};

/**
 * node:timers/promises makes two errors for each sleep that is cut short, which takes longer than what many a
 * stage does.
 */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal?.aborted) {
    reject(signal.reason);
    return promise;
  }
  const wake = (): void => {
    signal?.removeEventListener('abort', giveUp);
    resolve();
  };
  const timer = setTimeout(wake, ms);
  const giveUp = (): void => {
    clearTimeout(timer);
    reject(signal?.reason);
  };
  signal?.addEventListener('abort', giveUp, { once: true });
  return promise;
}
