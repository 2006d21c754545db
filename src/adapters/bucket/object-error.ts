import { type ErrorCode, KnownError } from '../../errors.ts';

/** What an object store meant, as far as its answer tells. */
export type Meaning =
  | 'missing'
  | 'no bucket'
  | 'forbidden'
  | 'bad credentials'
  /** The name, not the rights. */
  | 'unusable'
  | 'corrupt'
  | 'unavailable'
  | 'unexpected';

interface Failure {
  readonly error: unknown;
  readonly key: string;
  readonly bucketUrl: string;
  /** HTTP status, if the store answered at all. */
  readonly status: number | undefined;
  readonly meaning: Meaning;
}

/** What a status means where the store says nothing more. Without an answer, or with a passing one, another try is worth it. */
export function meaningOf(status: number | undefined): Meaning {
  if (status === undefined || status < 400 || status >= 500) return 'unavailable';
  if (status === 408 || status === 429) return 'unavailable';
  if (status === 401) return 'bad credentials';
  if (status === 403) return 'forbidden';
  return status === 404 ? 'missing' : 'unexpected';
}

/** The failure in our words. What the store said may hold URLs with rights in them: it stays in the cause. */
export function objectError({ error, key, bucketUrl, status, meaning }: Failure): KnownError {
  const what = status === undefined ? codeOf(error) : `HTTP ${status}`;
  const [code, message] = (
    {
      missing: ['missing_object', `The bucket holds no "${key}".`],
      'no bucket': ['bad_settings', `There is no bucket ${bucketUrl}.`],
      forbidden: ['access_denied', `We may not read or write "${key}".`],
      'bad credentials': ['bucket_auth', `Our credentials are not accepted for ${bucketUrl}.`],
      unusable: ['forbidden_object', `"${key}" is not a name that an object may have here.`],
      corrupt: ['bucket_corrupt_transfer', `The bytes of "${key}" do not match their checksum.`],
      unavailable: ['bucket_unavailable', `${bucketUrl} cannot be used now: ${what}.`],
      unexpected: ['bucket_refused', `${bucketUrl} refused "${key}": ${what}.`],
    } as const satisfies Record<Meaning, readonly [ErrorCode, string]>
  )[meaning];
  return new KnownError(code, message, { cause: error });
}

export function corruptTransfer(key: string): KnownError {
  return new KnownError(
    'bucket_corrupt_transfer',
    `The bytes of "${key}" do not match their checksum.`,
  );
}

/** Such as ECONNRESET; it may be some causes deep. */
function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return error instanceof Error ? error.name : 'an unknown error';
}
