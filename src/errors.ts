import { messageOf, safeMessage } from './error-message.ts';
import { ERROR_CATALOGUE } from './errors/catalogue.ts';
import type { ErrorKind } from './errors/entry.ts';

export { messageOf };

export { ERROR_CATALOGUE, type ErrorKind };

/**
 * The code of an error, as docs/ERRORS.md lists them with cause and remedy.
 *
 * @example
 * const code: ErrorCode = 'invalid_job';
 */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;

interface ErrorContext {
  /** Values for the log, never shown to a user. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * An error whose meaning is known. Its message is one line of at most 500 characters without control characters, safe
 * to show to a user, holds no credentials of URLs, and names the offending value and what is allowed.
 *
 * @example
 * throw new KnownError('invalid_job', 'level is "-1", but must be a number above 0.');
 */
export class KnownError extends Error {
  override readonly name = 'KnownError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(safeMessage(message), { cause: context.cause });
    this.code = code;
    this.details = context.details ?? {};
  }

  /** Whether Redis is to blame, and no input and no other remote. */
  get isOfRedis(): boolean {
    return this.code.startsWith('redis_');
  }

  get kind(): ErrorKind {
    return ERROR_CATALOGUE[this.code].kind;
  }
}

/** The error itself if its meaning is known; else a bug, wrapped as `internal` with the stack as its cause. */
export function classify(error: unknown): KnownError {
  if (error instanceof KnownError) return error;
  const text = messageOf(error);
  return new KnownError('internal', `Internal error: ${text}`, { cause: error });
}
