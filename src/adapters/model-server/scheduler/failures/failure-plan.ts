import type { KnownError } from '../../../../errors.ts';
import type { Batch } from '../requests/batch.ts';

/**
 * What to do with the rows of a call that failed.
 * - `retry`: send them again after a pause; `counts` if the attempt counts against the limit of attempts.
 * - `smaller`: put them back, now that batches are smaller.
 * - `bisect`: find the request at fault, by halves.
 * - `look up`: ask once whether the model is still there.
 * - `fail`: it is the fault of the request.
 */
export type FailurePlan =
  | { readonly type: 'retry'; readonly counts: boolean }
  | { readonly type: 'smaller' }
  | { readonly type: 'bisect' }
  | { readonly type: 'look up' }
  | { readonly type: 'fail' };

/** Chooses by the code of the error; the rule of attempts is that of the Python consumer (UNAVAILABLE never counts). */
export function planForFailure(error: KnownError, { items, rows }: Batch): FailurePlan {
  const canShrink = items.length > 1 && rows > 1;
  switch (error.code) {
    case 'model_server_unavailable':
      return { type: 'retry', counts: false };
    case 'model_server_overloaded':
      if (error.details['outOfMemory'] === true && canShrink) return { type: 'smaller' };
      return { type: 'retry', counts: error.details['counts'] !== false };
    case 'model_deadline':
      return { type: 'retry', counts: true };
    case 'model_rejected':
      if (isSizeRefusal(error) && canShrink) return { type: 'smaller' };
      return { type: new Set(items.map((item) => item.request)).size > 1 ? 'bisect' : 'fail' };
    case 'unknown_model':
      return { type: 'look up' };
    default:
      return { type: 'fail' };
  }
}

/** The rows that a server takes at most, if its refusal said so. */
export function statedLimit({ details }: KnownError): number | undefined {
  const stated = details['maxBatchSize'];
  return typeof stated === 'number' ? stated : undefined;
}

function isSizeRefusal(error: KnownError): boolean {
  return statedLimit(error) !== undefined;
}
