import type { JobStore } from '../ports.ts';
import type { Outcome } from './outcome.ts';

/** Writes how a job ended and drops its claim, in one step. */
export async function settle(key: string, outcome: Outcome, store: JobStore): Promise<void> {
  if (outcome.kind === 'returned') await store.giveBack(key);
  else await store.settle(key, outcome.fields);
}
