import type { KnownError } from '../errors.ts';
import type { FieldUpdates, Parking } from '../ports.ts';

/** How a claimed job ends here. Each claim ends once. */
export type Outcome =
  | { readonly kind: 'done'; readonly fields: FieldUpdates }
  | { readonly kind: 'failed'; readonly fields: FieldUpdates; readonly error: KnownError }
  /** Failed because it crashed its workers: it goes to the dead letters of its queue as well. */
  | { readonly kind: 'buried'; readonly fields: FieldUpdates; readonly error: KnownError }
  /** Its children run; it is joined when they have ended. */
  | { readonly kind: 'parked'; readonly parking: Parking }
  /** Back in the queue; the attempt does not count. */
  | { readonly kind: 'returned'; readonly error: KnownError }
  /** Another consumer has the job, or it was deleted: nothing is written. */
  | { readonly kind: 'lost'; readonly error: KnownError }
  /** The outcome could not be written to Redis: the entry stays in the processing list until a consumer requeues it. */
  | { readonly kind: 'abandoned'; readonly error: KnownError }
  /** The key of a job that is gone, finished or held elsewhere: there was nothing to do. */
  | { readonly kind: 'dropped' };

export type OutcomeKind = Outcome['kind'];
