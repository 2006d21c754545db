import type { JobFields } from '../ports.ts';

/**
 * A claimed job: its key, its queue, and the fields of its hash as they were when it was claimed.
 *
 * @example
 * const accepts = (job: Job) => job.fields['level'] !== '0' && isImage(job.inputFileName);
 */
export interface Job {
  readonly key: string;
  readonly queue: string;
  readonly fields: JobFields;
  /** Key of the image in the bucket. */
  readonly inputFileName: string;
  /** What the user calls the image; names the entries of the result. */
  readonly originalName: string;
  /**
   * 32 hexadecimal digits that name the result in the bucket: random, and kept in the hash, so that a rerun
   * keeps them.
   */
  readonly resultId: string;
  /** The key of the job that this one is a part of. */
  readonly parent?: string;
}

/** A job that no queue has, for questions about its fields or its names: what is not given is empty. */
export function unqueuedJob(given: Partial<Job> = {}): Job {
  return {
    key: '',
    queue: '',
    fields: {},
    inputFileName: '',
    originalName: '',
    resultId: '',
    ...given,
  };
}

/** Whether a job has ended: no consumer works on it any more. */
export function isFinished(fields: JobFields): boolean {
  return fields['status'] === 'done' || fields['status'] === 'failed';
}

/** How long a job has existed, in ms; undefined if its hash does not say when it was made. */
export function queuedMs({ fields }: Job, now: Date): number | undefined {
  const created = Date.parse(fields['created_at'] ?? '');
  return Number.isNaN(created) ? undefined : Math.max(0, now.getTime() - created);
}
