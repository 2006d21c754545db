import { optional, setting } from '../setting.ts';

/** Where images are and results go. */
export const BUCKET_SETTINGS = {
  storageBucket: optional(
    setting.text('STORAGE_BUCKET', '', 'Bucket to read images from and write results to.', {
      allowed: 'gs://name, s3://name or file:///path',
    }),
    'CLOUD_PROVIDER with its bucket, else s3://default-bucket',
  ),
  storageMaxBackoff: setting.seconds(
    'STORAGE_MAX_BACKOFF',
    60,
    'Maximum pause between attempts to reach the bucket.',
  ),
  cloudProvider: optional(
    setting.choice(
      'CLOUD_PROVIDER',
      'gke',
      'Cloud of the bucket, for charts without STORAGE_BUCKET.',
      ['gke', 'aws'],
    ),
    'STORAGE_BUCKET decides',
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
    'URL under which users reach the objects of the bucket, as in https://data.example.org; ' +
      'unset: the URL of the store.',
  ),
  storageAnonymous: setting.boolean(
    'STORAGE_ANONYMOUS',
    false,
    'Whether to use the bucket without credentials.',
  ),
  storageEndpoint: setting.text(
    'STORAGE_EMULATOR_HOST',
    '',
    'Alternative endpoint for gs://, for tests.',
    { allowed: 'a URL, as in http://localhost:4443' },
  ),
  storageUserProject: setting.text(
    'STORAGE_USER_PROJECT',
    '',
    'Project to bill for requests to a gs:// bucket with Requester Pays.',
    { allowed: 'the name of a project' },
  ),
  storageRequesterPays: setting.boolean(
    'STORAGE_REQUESTER_PAYS',
    false,
    'Whether to pay for requests to an s3:// bucket with Requester Pays.',
  ),
  awsEndpoint: setting.text(
    'AWS_ENDPOINT_URL',
    '',
    'Alternative endpoint for s3://, such as MinIO.',
    {
      allowed: 'a URL, as in http://minio:9000',
    },
  ),
  awsS3Endpoint: setting.text(
    'AWS_ENDPOINT_URL_S3',
    '',
    'The same for S3 alone; takes precedence over AWS_ENDPOINT_URL.',
    { allowed: 'a URL, as in http://minio:9000' },
  ),
  awsRegion: setting.text('AWS_REGION', 'us-east-1', 'Region of the s3:// bucket.', {
    allowed: 'the name of a region',
    aliases: ['AWS_DEFAULT_REGION'],
  }),
  awsAccessKeyId: setting.text(
    'AWS_ACCESS_KEY_ID',
    '',
    'Access key for s3://; NA counts as unset. Without keys, the role of the pod or the machine is used.',
    { allowed: 'the ID of an access key', secret: true },
  ),
  awsSecretAccessKey: setting.text('AWS_SECRET_ACCESS_KEY', '', 'Secret access key for s3://.', {
    allowed: 'a secret access key',
    secret: true,
  }),
  awsSessionToken: setting.text(
    'AWS_SESSION_TOKEN',
    '',
    'Session token that belongs to temporary keys for s3://.',
    {
      allowed: 'a token',
      secret: true,
    },
  ),
  awsRoleArn: setting.text(
    'AWS_ROLE_ARN',
    '',
    'Role to assume for s3://, with AWS_WEB_IDENTITY_TOKEN_FILE.',
    { allowed: 'an ARN, as in arn:aws:iam::123456789012:role/kiosk' },
  ),
  awsWebIdentityTokenFile: setting.text(
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    '',
    'File with the token of a service account, as Kubernetes mounts it.',
    { allowed: 'the path of a file' },
  ),
  httpProxy: setting.text('HTTP_PROXY', '', 'Proxy for HTTP requests to the bucket.', {
    allowed: 'a URL, as in http://proxy:3128',
    aliases: ['http_proxy'],
    secret: true,
  }),
  httpsProxy: setting.text('HTTPS_PROXY', '', 'Proxy for HTTPS requests to the bucket.', {
    allowed: 'a URL, as in http://proxy:3128',
    aliases: ['https_proxy'],
    secret: true,
  }),
  noProxy: setting.text('NO_PROXY', '', 'Hosts to reach without a proxy.', {
    allowed: 'hosts, separated by commas',
    aliases: ['no_proxy'],
  }),
} as const;
