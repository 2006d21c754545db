import { type ErrorCode, KnownError, classify } from '../../errors.ts';

/** What an object store meant, as far as its answer tells. */
export type Meaning =
  | 'missing'
  | 'no bucket'
  /** Every request fails until somebody changes a setting. */
  | 'misconfigured'
  | 'forbidden'
  | 'bad credentials'
  /** The name of the object, not the rights. */
  | 'unusable'
  /** The object is there, but cannot be read as it is stored. */
  | 'archived'
  | 'corrupt'
  | 'unavailable'
  /** What was under way is lost: it must begin anew. */
  | 'lost'
  | 'unexpected';

/** What went wrong, as one kind of store explains it. */
export interface StoreFailure {
  readonly meaning: Meaning;
  /** The status and the words of the store, or the code of the network; without a full stop. */
  readonly what: string;
  /** What to do about it: a sentence. */
  readonly hint?: string;
}

/** What an error of a store means; undefined if it is none of its errors. */
export type Explain = (error: unknown) => StoreFailure | undefined;

/** What was tried, and where. */
export interface Attempted {
  readonly key: string;
  readonly bucketUrl: string;
  readonly signal: AbortSignal;
}

/**
 * The result of the work; what goes wrong with it becomes a known error, or the reason of the signal if that
 * has fired.
 */
export async function translated<Result>(
  explain: Explain,
  attempted: Attempted,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    attempted.signal.throwIfAborted();
    return await work();
  } catch (error) {
    throw objectError(error, explain, attempted);
  }
}

/** What went wrong, in our words and those of the store. */
export function objectError(error: unknown, explain: Explain, attempted: Attempted): KnownError {
  if (error instanceof KnownError) return error;
  if (attempted.signal.aborted) return classify(attempted.signal.reason);
  const failure = explain(error);
  return failure === undefined ? classify(error) : known(error, failure, attempted);
}

function known(
  error: unknown,
  { meaning, what, hint }: StoreFailure,
  { key, bucketUrl }: Attempted,
): KnownError {
  const [code, sentence] = (
    {
      missing: ['missing_object', `The bucket holds no "${key}".`],
      'no bucket': ['bucket_misconfigured', `There is no bucket ${bucketUrl}: ${what}.`],
      misconfigured: [
        'bucket_misconfigured',
        `${bucketUrl} cannot be used with these settings: ${what}.`,
      ],
      forbidden: ['access_denied', `We may not read or write "${key}": ${what}.`],
      'bad credentials': [
        'bucket_auth',
        `Our credentials are not accepted for ${bucketUrl}: ${what}.`,
      ],
      unusable: ['forbidden_object', `"${key}" is not a name that an object may have: ${what}.`],
      archived: ['forbidden_object', `"${key}" cannot be read as it is stored: ${what}.`],
      corrupt: ['bucket_corrupt_transfer', `The bytes of "${key}" do not match their checksum.`],
      unavailable: ['bucket_unavailable', `${bucketUrl} cannot be used now: ${what}.`],
      lost: ['bucket_unavailable', `${bucketUrl} lost the upload of "${key}": ${what}.`],
      unexpected: ['bucket_refused', `${bucketUrl} refused "${key}": ${what}.`],
    } as const satisfies Record<Meaning, readonly [ErrorCode, string]>
  )[meaning];
  const message = hint === undefined ? sentence : `${sentence} ${hint}`;
  return new KnownError(code, message.replace('….', '…'), { cause: error });
}

/**
 * What a status means where the store says nothing more. Without an answer, or with a passing one, another
 * try is worth it.
 */
export function meaningOf(status: number | undefined): Meaning {
  if (status === 501) return 'unexpected';
  if (status === undefined || status < 400 || status >= 500) return 'unavailable';
  if (status === 408 || status === 429) return 'unavailable';
  if (status === 401) return 'bad credentials';
  if (status === 403) return 'forbidden';
  return status === 404 ? 'missing' : 'unexpected';
}

/** Such as "HTTP 503 SlowDown: Reduce your request rate"; parts that are empty are left out. */
export function answerText(status: number, code: string, words: string): string {
  const head = code === '' ? `HTTP ${status}` : `HTTP ${status} ${code}`;
  return words === '' ? head : `${head}: ${words}`;
}

/** The code of an error of the network, such as ECONNRESET; it may be some causes deep. */
export function networkCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return error instanceof Error ? error.name : 'an unknown error';
}

export function corruptTransfer(key: string): KnownError {
  return new KnownError(
    'bucket_corrupt_transfer',
    `The bytes of "${key}" do not match their checksum.`,
  );
}
