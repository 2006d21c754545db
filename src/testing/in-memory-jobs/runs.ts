import type { Hash, JobState } from './state.ts';

const OF_A_RUN = new Set([
  'result_id',
  'result_stored',
  'progress',
  'total_jobs',
  'failures',
  'cells',
  'spots',
  'input',
  'warnings',
  'output_url',
  'output_file_name',
  'reason',
  'error_code',
  'finished_at',
  'attempts',
  'claim_counted',
  'claim_crashes',
]);
const OF_PARTS = /^(children|parked)/;

/** Drops what a run has left in the hash of its job, and would be untrue of the next. */
export function forgetRun(hash: Hash): void {
  for (const name of hash.keys()) if (OF_A_RUN.has(name) || OF_PARTS.test(name)) hash.delete(name);
}

/** Leaves the family to be closed that an earlier job of this key, or an earlier run of it, has left. */
export function setAside(state: JobState, parent: string): void {
  const old = `${parent}:${crypto.randomUUID()}`;
  for (const map of [state.families, state.objects] as Map<string, unknown>[]) {
    const left = map.get(parent);
    if (left === undefined) continue;
    map.set(old, left);
    map.delete(parent);
  }
}
