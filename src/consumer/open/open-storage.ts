import { openBucket } from '../../adapters/bucket/open-bucket.ts';
import type { Bucket } from '../../ports.ts';
import { prepareAwsEnvironment } from '../aws-environment.ts';
import type { CoreSettings } from '../settings/read-settings.ts';

/** Opens the bucket that the settings name. */
export async function openStorage(
  core: CoreSettings,
  warn: (message: string) => void,
): Promise<Bucket> {
  prepareAwsEnvironment();
  return openBucket(bucketUrl(core), {
    gcsEndpoint: core.storageEndpoint,
    gcsUserProject: core.storageUserProject,
    s3Endpoint: core.awsS3Endpoint || core.awsEndpoint,
    s3Region: core.awsRegion,
    s3RequesterPays: core.storageRequesterPays,
    anonymous: core.storageAnonymous,
    publicUrl: core.storagePublicUrl,
    proxy: { httpProxy: core.httpProxy, httpsProxy: core.httpsProxy, noProxy: core.noProxy },
    warn,
  });
}

/** STORAGE_BUCKET, or what the Kiosk's oldest charts set instead. */
export function bucketUrl({
  storageBucket,
  cloudProvider,
  gkeBucket,
  awsBucket,
}: CoreSettings): string {
  if (storageBucket !== undefined) return storageBucket;
  if (cloudProvider === 'gke' && gkeBucket !== '') return `gs://${gkeBucket}`;
  if (cloudProvider === 'aws' && awsBucket !== '') return `s3://${awsBucket}`;
  return 's3://default-bucket';
}
