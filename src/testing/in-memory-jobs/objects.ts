import { isFinished } from './claims.ts';
import type { Family, JobState } from './state.ts';

/** Leaves objects to be removed, unless they are those of a user. */
export function discard(state: JobState, objects: Iterable<string>): void {
  for (const object of objects) {
    if (/^output\/[0-9a-f]{32}./.test(object)) state.temporary.add(object);
  }
}

/** What children made. What they were given their parent has noted. */
export function discardResults(state: JobState, { open, pending, done, failed }: Family): void {
  for (const key of [open, pending, done, failed].flatMap((set) => [...set.keys()])) {
    const hash = state.hash(key);
    discard(state, [hash?.get('output_file_name') ?? `output/${hash?.get('result_id') ?? ''}.zip`]);
  }
}

/** Leaves those to be removed that a parent has noted which has ended or is gone. */
export function discardNoted(state: JobState): void {
  for (const [parent, objects] of state.objects) {
    if (!hasEnded(state, parent)) continue;
    discard(state, objects);
    state.objects.delete(parent);
  }
}

export function hasEnded(state: JobState, key: string): boolean {
  const hash = state.hash(key);
  return hash === undefined || isFinished(hash);
}
