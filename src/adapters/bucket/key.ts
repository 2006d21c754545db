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

/** The URL of an object below a base URL. */
export function urlUnder(base: string, key: string): string {
  return `${base.replace(/\/+$/, '')}/${encodedKey(key)}`;
}

/**
 * The key that a URL names in the bucket with the URL `gs://name` or `s3://name`, or the given key itself. The web
 * front end sends URLs where the store is S3. Takes the bucket's own scheme, in which the key stands as it is, and
 * http(s), where it is percent-encoded: below `publicUrl`, or with the bucket in the path or before the host of the
 * store.
 */
export function keyFromUrl(keyOrUrl: string, bucketUrl: string, publicUrl: string): string {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(keyOrUrl) ?? [];
  if (scheme === undefined) return checkedKey(keyOrUrl);
  const bucket = bucketUrl.slice(bucketUrl.indexOf('://') + 3);
  const key = /^https?$/i.test(scheme)
    ? keyInWebUrl(keyOrUrl, bucket, publicUrl)
    : keyAfter(`${bucketUrl}/`, `${scheme.toLowerCase()}://${rest}`);
  if (key !== undefined) return checkedKey(key);
  throw new KnownError('forbidden_object', `"${keyOrUrl}" is not in the bucket ${bucketUrl}.`);
}

const HOSTS_AFTER_BUCKET = ['.s3.', '.s3-', '.storage.googleapis.com'] as const;

function keyInWebUrl(text: string, bucket: string, publicUrl: string): string | undefined {
  const below = keyBelow(publicUrl, text);
  const url = URL.parse(text);
  if (below !== undefined || url === null) return below;
  const isHost = HOSTS_AFTER_BUCKET.some((host) => url.hostname.startsWith(bucket + host));
  const encoded = isHost ? url.pathname : keyAfter(`/${bucket}/`, url.pathname);
  return encoded === undefined ? undefined : decoded(encoded);
}

/** The key that a web URL names below a base URL; undefined if it is not below it. */
export function keyBelow(base: string, text: string): string | undefined {
  const [baseUrl, url] = [URL.parse(base), URL.parse(text)];
  if (baseUrl === null || url?.origin !== baseUrl.origin || url.origin === 'null') return undefined;
  const encoded = keyAfter(`${baseUrl.pathname.replace(/\/+$/, '')}/`, url.pathname);
  return encoded === undefined ? undefined : decoded(encoded);
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
