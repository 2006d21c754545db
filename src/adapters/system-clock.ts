import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../ports.ts';

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, { ...(signal && { signal }), ref: true });
    } catch {
      throw signal?.reason;
    }
  },
};
