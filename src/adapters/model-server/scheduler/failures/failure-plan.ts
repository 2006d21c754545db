import type { KnownError } from '../../../../errors.ts';
import { type FailureReason, reasonOf } from '../../call-error.ts';
import type { Batch } from '../requests/batch.ts';
import type { Verdict } from './blame.ts';

/**
 * What to do with the rows of a call that failed.
 * - `retry`: send them again after a pause; `counts` if the attempt may count against the limit of attempts.
 * - `smaller`: put them back, now that batches are smaller.
 * - `bisect`: find the request at fault, by halves.
 * - `elsewhere`: send them to a server that has the model, or ask all whether there is one.
 * - `fail`: it is the fault of the request.
 */
export type FailurePlan =
  | { readonly type: 'retry'; readonly counts: boolean }
  | { readonly type: 'smaller' }
  | { readonly type: 'bisect' }
  | { readonly type: 'elsewhere' }
  | { readonly type: 'fail' };

interface Situation {
  readonly verdict: Verdict;
  /** Whether there are rows that can be sent apart. */
  readonly canShrink: boolean;
  /** Whether rows of several requests were in the call. */
  readonly isShared: boolean;
}

const RETRY: FailurePlan = { type: 'retry', counts: false };
const RETRY_COUNTED: FailurePlan = { type: 'retry', counts: true };
const FAIL: FailurePlan = { type: 'fail' };

/** The rule of attempts is that of the Python consumer: UNAVAILABLE never counts. */
const PLANS: Readonly<Record<FailureReason['type'], (situation: Situation) => FailurePlan>> = {
  'no answer': () => RETRY,
  'not served': () => RETRY,
  'queue full': () => RETRY,
  deadline: () => RETRY_COUNTED,
  'out of memory': ({ canShrink }) => (canShrink ? { type: 'smaller' } : RETRY_COUNTED),
  fault: planForFault,
  'too many rows': ({ canShrink }) => (canShrink ? { type: 'smaller' } : FAIL),
  rejected: ({ isShared }) => (isShared ? { type: 'bisect' } : FAIL),
  'unknown model': () => ({ type: 'elsewhere' }),
};

/** Chooses by the reason of the error; errors that are ours fail the request. */
export function planForFailure(
  error: KnownError,
  { items, rows }: Batch,
  verdict: Verdict,
): FailurePlan {
  const reason = reasonOf(error);
  if (reason === undefined) return FAIL;
  const canShrink = items.length > 1 && rows > 1;
  const isShared = items.some(({ request }) => request !== items[0].request);
  return PLANS[reason]({ verdict, canShrink, isShared });
}

function planForFault({ verdict, isShared }: Situation): FailurePlan {
  if (verdict === 'the request') return FAIL;
  return verdict === 'suspect' && isShared ? { type: 'bisect' } : RETRY_COUNTED;
}
