import { KnownError } from '../../errors.ts';
import type { Bucket } from '../../ports.ts';
import { FolderBucket } from './folder-bucket.ts';

export interface BucketOptions {
  /** Another endpoint for gs://; empty for Google's. */
  readonly gcsEndpoint: string;
  /** Another endpoint for s3://; empty for Amazon's. */
  readonly s3Endpoint: string;
  readonly s3Region: string;
  /** Told what an operator may want to know. */
  readonly warn: (message: string) => void;
}

const SCHEMES = ['gs://', 's3://', 'file://'] as const;

/** Opens the bucket that a URL names. Names of buckets are lower-cased, as they must be; paths of folders are not. */
export async function openBucket(url: string, options: BucketOptions): Promise<Bucket> {
  const scheme = SCHEMES.find((one) => url.toLowerCase().startsWith(one));
  const name = scheme === undefined ? '' : url.slice(scheme.length).replace(/\/+$/, '');
  if (scheme === undefined || name === '') {
    throw new KnownError(
      'bad_settings',
      `STORAGE_BUCKET is "${url}", but must begin with one of ${SCHEMES.join(', ')} and name a bucket or a folder.`,
    );
  }
  if (scheme === 'file://') return new FolderBucket(url);
  return scheme === 'gs://'
    ? new (await import('./gcs-bucket.ts')).GcsBucket(name.toLowerCase(), options)
    : new (await import('./s3-bucket.ts')).S3Bucket(name.toLowerCase(), options);
}
