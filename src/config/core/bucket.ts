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
  storagePublicUrl: setting.url(
    'STORAGE_PUBLIC_URL',
    'URL below which users find the objects of the bucket, as in https://data.example.org; unset: the address of the store.',
  ),
  storageAnonymous: setting.boolean(
    'STORAGE_ANONYMOUS',
    false,
    'Whether to use the bucket without credentials.',
  ),
  storageEndpoint: setting.text(
    'STORAGE_EMULATOR_HOST',
    '',
    'Another endpoint for gs://, for tests.',
  ),
  storageUserProject: setting.text(
    'STORAGE_USER_PROJECT',
    '',
    'Project that pays for requests to a gs:// bucket whose requesters pay.',
  ),
  storageRequesterPays: setting.boolean(
    'STORAGE_REQUESTER_PAYS',
    false,
    'Whether we pay for requests to an s3:// bucket whose requesters pay.',
  ),
  awsEndpoint: setting.text('AWS_ENDPOINT_URL', '', 'Another endpoint for s3://, such as MinIO.'),
  awsS3Endpoint: setting.text(
    'AWS_ENDPOINT_URL_S3',
    '',
    'The same, where AWS_ENDPOINT_URL is for other services; takes precedence.',
  ),
  awsRegion: setting.text('AWS_REGION', 'us-east-1', 'Region of the s3:// bucket.', {
    aliases: ['AWS_DEFAULT_REGION'],
  }),
  awsAccessKeyId: setting.text(
    'AWS_ACCESS_KEY_ID',
    '',
    'Key for s3://; NA counts as unset. Without keys, the role of the pod or the machine is used.',
    { secret: true },
  ),
  awsSecretAccessKey: setting.text('AWS_SECRET_ACCESS_KEY', '', 'Secret for s3://.', {
    secret: true,
  }),
  awsSessionToken: setting.text('AWS_SESSION_TOKEN', '', 'Token of temporary keys for s3://.', {
    secret: true,
  }),
  awsRoleArn: setting.text(
    'AWS_ROLE_ARN',
    '',
    'Role for s3:// that is assumed with AWS_WEB_IDENTITY_TOKEN_FILE.',
  ),
  awsWebIdentityTokenFile: setting.text(
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    '',
    'File of the token of a service account, as Kubernetes mounts it.',
  ),
  httpProxy: setting.text('HTTP_PROXY', '', 'Proxy to reach the bucket by HTTP.', {
    aliases: ['http_proxy'],
    secret: true,
  }),
  httpsProxy: setting.text('HTTPS_PROXY', '', 'Proxy to reach the bucket by HTTPS.', {
    aliases: ['https_proxy'],
    secret: true,
  }),
  noProxy: setting.text('NO_PROXY', '', 'Hosts that are reached without a proxy, with commas.', {
    aliases: ['no_proxy'],
  }),
} as const;
