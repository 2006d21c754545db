import { KnownError } from '../../errors.ts';

/** A key without leading slashes. Refused if it could lead out of the bucket. */
export function checkedKey(key: string): string {
  const bare = key.replace(/^\/+/, '');
  const steps = bare.split(/[/\\]/);
  if (bare === '' || bare.includes('\0') || steps.some((step) => step === '..' || step === '.')) {
    throw new KnownError('forbidden_object', `"${key}" is not a name that an object may have.`);
  }
  return bare;
}

/** A key as part of a URL: slashes stay, other signs are percent-encoded. */
export function encodedKey(key: string): string {
  return checkedKey(key).split('/').map(encodeURIComponent).join('/');
}

/** The key that a URL names in a bucket, or the key itself. The front end sends URLs where the store is S3. */
export function keyFromUrl(keyOrUrl: string, bucket: string): string {
  if (!/^(gs|s3|https?):\/\//i.test(keyOrUrl)) return checkedKey(keyOrUrl);
  const { protocol, hostname, pathname } = new URL(keyOrUrl);
  const steps = decodeURIComponent(pathname).replace(/^\/+/, '');
  const isBucketHost = hostname === bucket || hostname.startsWith(`${bucket}.`);
  if (isBucketHost) return checkedKey(steps);
  if (/^https?:$/.test(protocol) && steps.startsWith(`${bucket}/`)) {
    return checkedKey(steps.slice(bucket.length + 1));
  }
  throw new KnownError('forbidden_object', `"${keyOrUrl}" is not in the bucket "${bucket}".`);
}
