import { KnownError } from '../../errors.ts';

interface Failure {
  readonly error: unknown;
  readonly key: string;
  /** HTTP status, if the store answered at all. */
  readonly status: number | undefined;
  /** Whether the store does not know us, rather than forbidding this object. */
  readonly badCredentials: boolean;
}

/** What an object store said, as an error that tells what to do. Without an answer, or with 408, 429 or 5xx, it is worth another try. */
export function objectError({ error, key, status, badCredentials }: Failure): KnownError {
  if (error instanceof KnownError) return error;
  const said = error instanceof Error ? error.message : String(error);
  if (badCredentials) {
    return new KnownError('bucket_auth', 'The object store does not accept our credentials.', {
      cause: error,
    });
  }
  if (status === 404)
    return new KnownError('missing_object', `The bucket holds no "${key}".`, { cause: error });
  if (status === 401 || status === 403) {
    return new KnownError('forbidden_object', `We may not read or write "${key}".`, {
      cause: error,
    });
  }
  if (status !== undefined && status < 500 && status !== 408 && status !== 429) {
    return new KnownError('internal', `The object store refused "${key}": ${status} ${said}`, {
      cause: error,
    });
  }
  const answer = status === undefined ? said : `${status} ${said}`;
  return new KnownError('bucket_unavailable', `The object store cannot be used now: ${answer}`, {
    cause: error,
  });
}
