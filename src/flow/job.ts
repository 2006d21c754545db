import type { JobFields } from '../ports.ts';

/** A claimed job: its key, its queue, and the fields of its hash as they were when it was claimed. */
export interface Job {
  readonly key: string;
  readonly queue: string;
  readonly fields: JobFields;
  /** Key of the image in the bucket. */
  readonly inputFileName: string;
  /** What the user calls the image; names the entries of the result. */
  readonly originalName: string;
}
