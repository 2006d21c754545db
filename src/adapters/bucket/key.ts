import { KnownError } from '../../errors.ts';

/** The limit of Google Cloud Storage and of S3, in bytes of UTF-8. */
const LONGEST_KEY = 1024;

/** A key without leading slashes. Refused if it could lead out of the bucket, or if no store would take it. */
export function checkedKey(key: string): string {
  const bare = key.replace(/^\/+/, '');
  const steps = bare.split(/[/\\]/);
  const isName =
    steps.at(-1) !== '' &&
    !steps.some((step) => step === '..' || step === '.') &&
    !/[\0\r\n]/.test(bare) &&
    bare.isWellFormed() &&
    Buffer.byteLength(bare) <= LONGEST_KEY;
  if (isName) return bare;
  throw new KnownError('forbidden_object', `"${key}" is not a name that an object may have.`);
}

/** A key as part of a URL: slashes stay, everything but letters, digits and `-._~` is percent-encoded. */
export function encodedKey(key: string): string {
  return encodeURIComponent(checkedKey(key))
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * The key that a URL names in the bucket with the URL `gs://name` or `s3://name`, or the given key itself. The web
 * front end sends URLs where the store is S3. Takes the bucket's own scheme and http(s), with the bucket in the path
 * or before the host of the store.
 */
export function keyFromUrl(keyOrUrl: string, bucketUrl: string): string {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(keyOrUrl) ?? [];
  if (scheme === undefined) return checkedKey(keyOrUrl);
  const bucket = bucketUrl.slice(bucketUrl.indexOf('://') + 3);
  const key = /^https?$/i.test(scheme)
    ? keyInWebUrl(keyOrUrl, bucket)
    : keyAfter(`${bucketUrl}/`, `${scheme.toLowerCase()}://${rest}`);
  if (key !== undefined) return checkedKey(decoded(key));
  throw new KnownError('forbidden_object', `"${keyOrUrl}" is not in the bucket ${bucketUrl}.`);
}

const HOSTS_AFTER_BUCKET = ['.s3.', '.s3-', '.storage.googleapis.com'] as const;

function keyInWebUrl(text: string, bucket: string): string | undefined {
  const url = URL.parse(text);
  if (url === null) return undefined;
  const isHost = HOSTS_AFTER_BUCKET.some((host) => url.hostname.startsWith(bucket + host));
  return isHost ? url.pathname : keyAfter(`/${bucket}/`, url.pathname);
}

function keyAfter(start: string, text: string): string | undefined {
  return text.startsWith(start) ? text.slice(start.length) : undefined;
}

/** A name with a bare `%` in it was not encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
