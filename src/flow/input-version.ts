import { KnownError } from '../errors.ts';
import type { InFlight } from './in-flight.ts';

/** The field that keeps the version of the file from which the children of a job are made. */
const VERSION_FIELD = 'children:version';

/**
 * Of a job made of jobs: notes which version of its file it is split from. Throws `input_changed` if an earlier
 * run has noted another, since its children are made from that. Versions that the store does not tell are not
 * compared; nor is the file of a child, which its parent makes, and makes once more if its split begins anew:
 * the parent has compared its own.
 */
export function compareInput(
  { job, phase, notes }: Pick<InFlight<object>, 'job' | 'phase' | 'notes'>,
  version: string,
): void {
  if (phase === 'work' || version === '' || job.parent !== undefined) return;
  const before = job.fields[VERSION_FIELD];
  if (before !== undefined && before !== version) throw inputChanged(job.originalName);
  // A join does not note what an earlier release or a store without versions has left out: it is the end.
  if (phase === 'split') notes.set(VERSION_FIELD, version);
}

/** The file of a job is another than the one that it began with. */
export function inputChanged(name: string, what = 'replaced'): KnownError {
  const message = `"${name}" was ${what} in the bucket while its job was under way; submit it again.`;
  return new KnownError('input_changed', message);
}
