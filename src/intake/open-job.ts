import { KnownError } from '../errors.ts';
import type { Job } from '../flow/job.ts';
import type { JobFields, JobStore } from '../ports.ts';

/** What became of a claimed key: a job to work on, one that failed already, or nothing to do. */
export type Opened =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'failed'; readonly job: Job; readonly error: KnownError }
  | { readonly kind: 'dropped'; readonly why: 'gone' | 'finished' };

interface Opening {
  readonly store: JobStore;
  readonly queue: string;
  readonly accepts: (job: Job) => boolean;
}

/** Reads the hash of a claimed key and decides whether the workflow can work on it. */
export async function openJob(key: string, { store, queue, accepts }: Opening): Promise<Opened> {
  const fields = await store.read(key);
  if (fields === undefined) return { kind: 'dropped', why: 'gone' };
  if (isFinished(fields)) return { kind: 'dropped', why: 'finished' };
  const job = parseJob(key, queue, fields);
  if (job.inputFileName === '') {
    const message = 'The job names no image: input_file_name is missing or empty.';
    return { kind: 'failed', job, error: new KnownError('invalid_job', message) };
  }
  if (!accepts(job)) {
    const message = `Invalid filetype for "${queue}" job.`;
    return { kind: 'failed', job, error: new KnownError('invalid_file_type', message) };
  }
  return { kind: 'job', job };
}

export function isFinished(fields: JobFields): boolean {
  return fields['status'] === 'done' || fields['status'] === 'failed';
}

function parseJob(key: string, queue: string, fields: JobFields): Job {
  const inputFileName = fields['input_file_name'] ?? '';
  const originalName = fields['original_name'] || inputFileName;
  return { key, queue, fields, inputFileName, originalName };
}
