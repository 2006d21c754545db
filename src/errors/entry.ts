/** What the code that catches an error should do about it. */
export type ErrorKind =
  'bad_input' | 'refused' | 'unavailable' | 'fatal' | 'cancelled' | 'internal';

/**
 * What a code means. `bad_input` fails the job at once; `refused` does so once the remote serves another job, and is
 * retried until then; `unavailable` is retried, and pauses intake when it meets several jobs; `fatal` stops the worker;
 * `cancelled` returns the job to its queue; `internal` is a bug and fails the job.
 */
export interface CatalogueEntry {
  readonly kind: ErrorKind;
  readonly cause: string;
  readonly remedy: string;
}
