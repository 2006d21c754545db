import { KnownError, classify } from '../../errors.ts';
import { GcsRefusal } from './gcs-client.ts';
import { type Meaning, meaningOf, objectError } from './object-error.ts';

interface Circumstances {
  readonly key: string;
  readonly bucketUrl: string;
  readonly signal: AbortSignal;
}

/** What went wrong with a request to Google Cloud Storage, in our words. */
export function gcsError(error: unknown, { key, bucketUrl, signal }: Circumstances): KnownError {
  if (error instanceof KnownError) return error;
  if (signal.aborted) return classify(signal.reason);
  const status = error instanceof GcsRefusal ? error.status : undefined;
  const said = error instanceof Error ? error.message : '';
  return objectError({ error, key, bucketUrl, status, meaning: meaning(status, said) });
}

function meaning(status: number | undefined, said: string): Meaning {
  if (status === undefined) return isAboutCredentials(said) ? 'bad credentials' : 'unavailable';
  if (status === 404 && /bucket does not exist/i.test(said)) return 'no bucket';
  if (status === 400 && /crc32c|md5/i.test(said)) return 'corrupt';
  if (status === 403 && /rateLimitExceeded|userRateLimitExceeded|quotaExceeded/.test(said)) {
    return 'unavailable';
  }
  // The store forgets an upload session now and then: https://cloud.google.com/storage/docs/resumable-uploads
  return status === 410 ? 'unavailable' : meaningOf(status);
}

/** Errors of google-auth-library before there is a request, and of the token servers it asks. They have no codes. */
function isAboutCredentials(said: string): boolean {
  return /default credentials|credentials? file|invalid_(grant|client|scope)|unauthorized_client|does not exist, or it is not a file|private key/i.test(
    said,
  );
}

/**
 * Whether a bucket takes no ACLs on objects: it has uniform bucket-level access (400), or its policy prevents public
 * access (412).
 */
export function refusesAcl(error: unknown): boolean {
  if (!(error instanceof GcsRefusal)) return false;
  return error.status === 412 || (error.status === 400 && /\bACL\b|uniform/i.test(error.message));
}
