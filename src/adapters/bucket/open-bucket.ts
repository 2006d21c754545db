import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KnownError } from '../../errors.ts';
import type { Bucket } from '../../ports.ts';
import { FolderBucket } from './folder/folder-bucket.ts';
import type { GcsBucketOptions } from './gcs/gcs-bucket.ts';
import type { S3BucketOptions } from './s3/s3-bucket.ts';

/** What buckets of any kind are opened with. */
export type BucketOptions = Omit<GcsBucketOptions & S3BucketOptions, 'timeouts'>;

/** The names that both stores take, and no path after them. */
const BUCKET_NAME = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;

/**
 * Opens the bucket that a URL names: `gs://name`, `s3://name` or `file:///path`. Names of buckets are lower-cased, as
 * they must be; paths of folders are not. Other URLs are `bad_settings`. Only the client library that is needed is
 * loaded.
 */
export async function openBucket(url: string, options: BucketOptions): Promise<Bucket> {
  const [, scheme, rest = ''] = /^(gs|s3|file):\/\/(.+?)\/*$/i.exec(url) ?? [];
  const name = rest.toLowerCase();
  switch (scheme?.toLowerCase()) {
    case 'file':
      return openFolder(url, options);
    case 'gs': {
      const { GcsBucket } = await import('./gcs/gcs-bucket.ts');
      return new GcsBucket(checkedName(name, url), options);
    }
    case 's3': {
      const { S3Bucket } = await import('./s3/s3-bucket.ts');
      return new S3Bucket(checkedName(name, url), options);
    }
    default:
      throw badUrl(url);
  }
}

function openFolder(url: string, { publicUrl, warn }: BucketOptions): Bucket {
  try {
    const bucket = new FolderBucket(url, publicUrl);
    if (!existsSync(fileURLToPath(url)))
      warn(`There is no folder ${url} (STORAGE_BUCKET) yet: the first file written creates it.`);
    return bucket;
  } catch (error) {
    throw badUrl(url, error);
  }
}

function checkedName(name: string, url: string): string {
  if (BUCKET_NAME.test(name)) return name;
  throw badUrl(url);
}

function badUrl(url: string, cause?: unknown): KnownError {
  return new KnownError(
    'bad_settings',
    `STORAGE_BUCKET is "${url}", but must be gs://name, s3://name or file:///path.`,
    { cause },
  );
}
