import { RUN_FIELDS } from '../../job/known-fields.ts';
import { numberIn } from './claims.ts';
import type { Hash, JobState } from './state.ts';

/** Drops what a run has left in the hash of its job, and would be untrue of the next. */
export function forgetRun(hash: Hash): void {
  for (const name of RUN_FIELDS) hash.delete(name);
}

/** Drops what an earlier run of a job, or an earlier job of its key, has left, when it is claimed. */
export function leaveEarlierRun(state: JobState, key: string, hash: Hash): void {
  const isNew = hash.get('status') === 'new';
  if (isNew && numberIn(hash, 'claim_token') > 0) forgetRun(hash);
  // A fail-over may have lost the result that the keys of children follow from.
  const hasLostFamily = !hash.has('result_id') && !hash.has('children:total');
  if ((isNew || hasLostFamily) && setAside(state, key)) hash.delete('result_id');
}

/**
 * Leaves the family to be closed that an earlier job of this key, or an earlier run of it, has left. Whether
 * there was one.
 */
function setAside(state: JobState, parent: string): boolean {
  const { families, objects } = state;
  if (!families.has(parent) && !objects.has(parent)) return false;
  const old = `${parent}:${crypto.randomUUID()}`;
  for (const map of [families, objects] as Map<string, unknown>[]) {
    const left = map.get(parent);
    if (left === undefined) continue;
    map.set(old, left);
    map.delete(parent);
  }
  return true;
}
