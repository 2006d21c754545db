import type { Emit } from '../facts/flow.ts';
import type { JobStore } from '../ports.ts';

interface Recovery {
  readonly store: JobStore;
  readonly emit: Emit;
  readonly keysHeld: { has(key: string): boolean };
}

/**
 * Gives keys in our processing list that nobody here works on back to the queue: left by a process that was killed, or moved by
 * a pop whose reply was lost. A second entry of a key that is worked on is dropped.
 */
export async function recoverStranded(
  { store, emit, keysHeld }: Recovery,
  by: 'start' | 'reconcile',
): Promise<void> {
  const seen = new Set<string>();
  const recovered: string[] = [];
  for (const key of await store.held()) {
    if (!keysHeld.has(key)) {
      if (await store.giveBack(key)) recovered.push(key);
    } else if (seen.has(key)) {
      await store.drop(key);
    }
    seen.add(key);
  }
  if (recovered.length > 0) emit({ type: 'jobs recovered', keys: recovered, by });
}
