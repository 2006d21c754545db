import { messageOf, withoutCredentials } from '../../error-message.ts';

/** What a log line holds of an error. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: LoggedError;
  /** Those that an AggregateError holds. */
  readonly errors?: readonly LoggedError[];
}

const DEEPEST = 5;
const MOST_ERRORS = 5;
/** Characters of a message or stack. */
const LONGEST = 8000;

/**
 * An error as the log shows it. Only what is named here goes in: client libraries hang commands, headers and
 * requests on their errors, and with them passwords and fields of jobs.
 */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: text(messageOf(error)) };
  const { name, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  const inside = (one: unknown): LoggedError => serializeError(one, depth + 1);
  return {
    type: text(name),
    message: text(messageOf(error)),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(stack !== undefined && { stack: text(stack) }),
    ...(cause !== undefined && depth < DEEPEST && { cause: inside(cause) }),
    ...(error instanceof AggregateError &&
      depth < DEEPEST && { errors: error.errors.slice(0, MOST_ERRORS).map(inside) }),
  };
}

function text(long: string): string {
  return withoutCredentials(long.slice(0, LONGEST));
}
