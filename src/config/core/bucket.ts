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
    allowed: 'the name of a bucket',
    aliases: ['GCLOUD_STORAGE_BUCKET'],
  }),
  awsBucket: setting.text('AWS_S3_BUCKET', '', 'Bucket for CLOUD_PROVIDER=aws.', {
    allowed: 'the name of a bucket',
  }),
  storagePublicUrl: setting.url(
    'STORAGE_PUBLIC_URL',
    'URL below which users find the objects of the bucket, as in https://data.example.org; ' +
      'unset: the address of the store.',
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
    { allowed: 'a URL, as in http://localhost:4443' },
  ),
  storageUserProject: setting.text(
    'STORAGE_USER_PROJECT',
    '',
    'Project that pays for requests to a gs:// bucket whose requesters pay.',
    { allowed: 'the name of a project' },
  ),
  storageRequesterPays: setting.boolean(
    'STORAGE_REQUESTER_PAYS',
    false,
    'Whether we pay for requests to an s3:// bucket whose requesters pay.',
  ),
  awsEndpoint: setting.text('AWS_ENDPOINT_URL', '', 'Another endpoint for s3://, such as MinIO.', {
    allowed: 'a URL, as in http://minio:9000',
  }),
  awsS3Endpoint: setting.text(
    'AWS_ENDPOINT_URL_S3',
    '',
    'The same, where AWS_ENDPOINT_URL is for other services; takes precedence.',
    { allowed: 'a URL, as in http://minio:9000' },
  ),
  awsRegion: setting.text('AWS_REGION', 'us-east-1', 'Region of the s3:// bucket.', {
    allowed: 'the name of a region',
    aliases: ['AWS_DEFAULT_REGION'],
  }),
  awsAccessKeyId: setting.text(
    'AWS_ACCESS_KEY_ID',
    '',
    'Key for s3://; NA counts as unset. Without keys, the role of the pod or the machine is used.',
    { allowed: 'the id of a key', secret: true },
  ),
  awsSecretAccessKey: setting.text('AWS_SECRET_ACCESS_KEY', '', 'Secret for s3://.', {
    allowed: 'the secret of the key',
    secret: true,
  }),
  awsSessionToken: setting.text('AWS_SESSION_TOKEN', '', 'Token of temporary keys for s3://.', {
    allowed: 'a token',
    secret: true,
  }),
  awsRoleArn: setting.text(
    'AWS_ROLE_ARN',
    '',
    'Role for s3:// that is assumed with AWS_WEB_IDENTITY_TOKEN_FILE.',
    { allowed: 'an ARN, as in arn:aws:iam::123456789012:role/kiosk' },
  ),
  awsWebIdentityTokenFile: setting.text(
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    '',
    'File of the token of a service account, as Kubernetes mounts it.',
    { allowed: 'the path of a file' },
  ),
  httpProxy: setting.text('HTTP_PROXY', '', 'Proxy to reach the bucket by HTTP.', {
    allowed: 'a URL, as in http://proxy:3128',
    aliases: ['http_proxy'],
    secret: true,
  }),
  httpsProxy: setting.text('HTTPS_PROXY', '', 'Proxy to reach the bucket by HTTPS.', {
    allowed: 'a URL, as in http://proxy:3128',
    aliases: ['https_proxy'],
    secret: true,
  }),
  noProxy: setting.text('NO_PROXY', '', 'Hosts that are reached without a proxy, with commas.', {
    allowed: 'hosts with commas between them',
    aliases: ['no_proxy'],
  }),
} as const;
