import type { Clock } from '../../../ports.ts';

/** Waits; false if the signal fires first, which is the only way in which a clock's sleep can fail. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(Math.max(0, ms), signal).then(
    () => true,
    () => false,
  );
}
