import { KnownError, type ErrorCode } from '../../errors.ts';

/** What a failed call says about its rows and about its server. */
export type FailureReason =
  /** Nobody answered: no connection, or it was lost. Says nothing about the rows. */
  | { readonly type: 'no answer' }
  /** Connected, but no answer within the deadline. */
  | { readonly type: 'deadline' }
  /** The server failed inside: INTERNAL, UNKNOWN, a proxy's HTTP 500. */
  | { readonly type: 'fault' }
  /** The server answers, but does not serve this call now. */
  | { readonly type: 'not served' }
  | { readonly type: 'queue full' }
  | { readonly type: 'out of memory' }
  /** `maxRows` is the limit that the server stated. */
  | { readonly type: 'too many rows'; readonly maxRows: number }
  /** The server refused the tensors. */
  | { readonly type: 'rejected' }
  | { readonly type: 'unknown model' };

interface CallErrorContext {
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

const CODES = {
  'no answer': 'model_server_unavailable',
  deadline: 'model_deadline',
  fault: 'model_server_error',
  'not served': 'model_server_unavailable',
  'queue full': 'model_server_overloaded',
  'out of memory': 'model_server_overloaded',
  'too many rows': 'model_rejected',
  rejected: 'model_rejected',
  'unknown model': 'unknown_model',
} as const satisfies Record<FailureReason['type'], ErrorCode>;

/** The error of a call to a model server; its code follows from the reason. */
export class CallError extends KnownError {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, context: CallErrorContext = {}) {
    super(CODES[reason.type], message, context);
    this.reason = reason;
  }
}

/** What a failed call says; undefined for errors that are ours. */
export function reasonOf(error: KnownError): FailureReason['type'] | undefined {
  return error instanceof CallError ? error.reason.type : undefined;
}
