import {
  type Meaning,
  type StoreFailure,
  answerText,
  meaningOf,
  networkCode,
} from '../object-error.ts';
import { storeWords } from '../store-words.ts';
import { GcsRefusal } from './gcs-client.ts';

/** The store has forgotten an upload that was under way: it must begin anew. */
export class UploadLost extends Error {
  override readonly name = 'UploadLost';

  constructor(cause: unknown) {
    super('the upload session expired', { cause });
  }
}

/** What an error of Google Cloud Storage, of its credentials or of the network means. */
export function explainGcs(error: unknown): StoreFailure {
  if (error instanceof GcsRefusal) {
    const { status, message } = error;
    const what = answerText(status, '', storeWords(message));
    return { meaning: meaning(status, message), what, ...hintFor(status, message) };
  }
  if (error instanceof UploadLost) return { meaning: 'lost', what: error.message };
  if (error instanceof Error && isAboutCredentials(error.message)) {
    const hint = /default credentials/i.test(error.message) && ANONYMOUS_HINT;
    return { meaning: 'bad credentials', what: storeWords(error.message), ...(hint && { hint }) };
  }
  return { meaning: 'unavailable', what: networkCode(error) };
}

const ANONYMOUS_HINT = 'STORAGE_ANONYMOUS=true reads a public bucket without any.';

function meaning(status: number, words: string): Meaning {
  if (status === 404 && /bucket does not exist/i.test(words)) return 'no bucket';
  if (asksForPayer(status, words)) return 'misconfigured';
  if (status === 400 && /crc32c|md5/i.test(words)) return 'corrupt';
  if (status === 403 && /rateLimitExceeded|userRateLimitExceeded|quotaExceeded/.test(words)) {
    return 'unavailable';
  }
  return meaningOf(status);
}

function hintFor(status: number, words: string): { readonly hint?: string } {
  if (!asksForPayer(status, words)) return {};
  return { hint: 'Set STORAGE_USER_PROJECT to the project that pays.' };
}

/** https://cloud.google.com/storage/docs/requester-pays */
function asksForPayer(status: number, words: string): boolean {
  return status === 400 && /requester pays/i.test(words);
}

/** Errors of google-auth-library before there is a request, and of the token servers it asks. They have no codes. */
function isAboutCredentials(words: string): boolean {
  return (
    /default credentials|credentials? file|does not exist, or it is not a file|private key/i.test(
      words,
    ) || /invalid_(grant|client|scope)|unauthorized_client/i.test(words)
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
