import { optional, setting } from '../setting.ts';

/** Where images are and results go. */
export const BUCKET_SETTINGS = {
  storageBucket: optional(
    setting.text('STORAGE_BUCKET', '', 'Where images are and results go.', {
      allowed: 'gs://name, s3://name or file:///path',
    }),
    'CLOUD_PROVIDER with its bucket, else s3://default-bucket',
  ),
  storageMaxBackoff: setting.seconds(
    'STORAGE_MAX_BACKOFF',
    60,
    'Longest pause between attempts to reach the bucket.',
  ),
  cloudProvider: optional(
    setting.choice('CLOUD_PROVIDER', 'gke', 'The old way to name the bucket.', ['gke', 'aws']),
    'STORAGE_BUCKET tells',
  ),
  gkeBucket: setting.text('GKE_BUCKET', '', 'Bucket for CLOUD_PROVIDER=gke.', {
    aliases: ['GCLOUD_STORAGE_BUCKET'],
  }),
  awsBucket: setting.text('AWS_S3_BUCKET', '', 'Bucket for CLOUD_PROVIDER=aws.'),
  storageEndpoint: setting.text(
    'STORAGE_EMULATOR_HOST',
    '',
    'Another endpoint for gs://, for tests.',
  ),
  awsEndpoint: setting.text('AWS_ENDPOINT_URL', '', 'Another endpoint for s3://, such as MinIO.'),
  awsRegion: setting.text('AWS_REGION', 'us-east-1', 'Region of the s3:// bucket.'),
  awsAccessKeyId: setting.text('AWS_ACCESS_KEY_ID', '', 'Key for s3://.', { secret: true }),
  awsSecretAccessKey: setting.text('AWS_SECRET_ACCESS_KEY', '', 'Secret for s3://.', {
    secret: true,
  }),
} as const;
