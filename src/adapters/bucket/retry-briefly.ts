import { setTimeout as delay } from 'node:timers/promises';
import type { Explain } from './object-error.ts';

const ATTEMPTS = 4;
const FIRST_DELAY_MS = 200;

/**
 * Repeats a request of an upload that is under way, while the store is unavailable for a moment: what was sent before
 * would be lost with it. The last error stands; waiting for longer is the business of the stage.
 */
export async function retryBriefly<Result>(
  explain: Explain,
  signal: AbortSignal,
  request: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      const mayPass = explain(error)?.meaning === 'unavailable';
      if (!mayPass || attempt === ATTEMPTS || signal.aborted) throw error;
      const delayMs = FIRST_DELAY_MS * 2 ** (attempt - 1) * (0.5 + 0.5 * Math.random());
      await delay(delayMs, undefined, { signal });
    }
  }
}
