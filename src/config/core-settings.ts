import { optional, setting } from './setting.ts';

/** Settings that hold for every workflow, in the order of the README's table. Those of a workflow stand in its file. */
export const CORE_SETTINGS = {
  // What to do
  consumerType: setting.text('CONSUMER_TYPE', 'image', 'The workflow to run; any case.'),
  queue: setting.text('QUEUE', 'predict', 'The Redis list to take jobs from; lower-cased.'),
  hostName: optional(
    setting.text('HOSTNAME', '', 'Name of this consumer; in Kubernetes the name of its pod.'),
    'the name of the machine',
  ),
  workflowModules: setting.list(
    'WORKFLOW_MODULES',
    'Paths of modules whose default export is a workflow, to run besides the built-in ones.',
  ),

  // How much at a time
  jobsInFlight: setting.integer('JOBS_IN_FLIGHT', 32, 'Jobs held at a time.', {
    min: 1,
    max: 10_000,
  }),
  bytesInFlight: optional(
    setting.bytes('BYTES_IN_FLIGHT', 0, 'Memory that the jobs held may take together.'),
    'half of what the container may use',
  ),
  computeThreads: optional(
    setting.integer('COMPUTE_THREADS', 0, 'Threads for image processing.', { min: 1, max: 256 }),
    'one for each core',
  ),
  shutdownGrace: setting.seconds(
    'SHUTDOWN_GRACE',
    25,
    'Time that jobs in flight get to finish after SIGTERM before they go back to the queue.',
  ),
  retryBudget: setting.seconds(
    'RETRY_BUDGET',
    600,
    'Time that a stage goes on trying while the bucket cannot be reached, before the job fails.',
  ),
  reconcileInterval: setting.seconds(
    'RECONCILE_INTERVAL',
    30,
    'Time between looks for keys in our processing list that no job here belongs to.',
    { min: 1 },
  ),

  // Limits on a job
  maxImageHeight: setting.integer(
    'MAX_IMAGE_HEIGHT',
    2048,
    'Rows of an image at most; 0: no limit.',
    {
      min: 0,
    },
  ),
  maxImageWidth: setting.integer(
    'MAX_IMAGE_WIDTH',
    2048,
    'Columns of an image at most; 0: no limit.',
    {
      min: 0,
    },
  ),
  maxImageFrames: setting.integer(
    'MAX_IMAGE_FRAMES',
    60,
    'Frames of a stack at most; 0: no limit.',
    {
      min: 0,
    },
  ),
  maxFileBytes: setting.bytes('MAX_FILE_BYTES', 2 ** 31, 'Size of an uploaded file at most.'),

  // Redis
  redisHost: setting.text(
    'REDIS_HOST',
    'redis-master',
    'Host of Redis, or of a Sentinel; told apart at start.',
  ),
  redisPort: setting.integer('REDIS_PORT', 6379, 'Port of Redis or of the Sentinel.', {
    min: 1,
    max: 65_535,
  }),
  redisTimeout: setting.seconds('REDIS_TIMEOUT', 3, 'Time between attempts to reconnect to Redis.'),
  redisUsername: setting.text('REDIS_USERNAME', '', 'User name for Redis.'),
  redisPassword: setting.text('REDIS_PASSWORD', '', 'Password for Redis.', { secret: true }),
  redisTls: setting.boolean('REDIS_TLS', false, 'Whether to speak TLS with Redis.'),
  emptyQueueTimeout: setting.seconds(
    'EMPTY_QUEUE_TIMEOUT',
    5,
    'How long one wait for a job lasts; a job that arrives meanwhile is taken at once.',
    { min: 1, max: 60 },
  ),

  // Bucket
  storageBucket: optional(
    setting.text('STORAGE_BUCKET', '', 'Where images are: gs://…, s3://… or file:///….'),
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

  // Model server
  modelServerProtocol: setting.choice(
    'MODEL_SERVER_PROTOCOL',
    'tfserving',
    'What the model server speaks; kserve serves Triton and OpenVINO.',
    ['tfserving', 'kserve'],
  ),
  modelServerTls: setting.boolean(
    'MODEL_SERVER_TLS',
    false,
    'Whether to speak TLS with the model server.',
  ),
  modelServerCaFile: setting.text(
    'MODEL_SERVER_CA_FILE',
    '',
    'PEM file of the authorities trusted for TLS; those of the system if empty.',
  ),
  modelServerCertificateFile: setting.text(
    'MODEL_SERVER_CERTIFICATE_FILE',
    '',
    'PEM file of our own certificate, for model servers that ask for one.',
  ),
  modelServerKeyFile: setting.text('MODEL_SERVER_KEY_FILE', '', 'PEM file of its key.'),
  modelServerTokenFile: setting.text(
    'MODEL_SERVER_TOKEN_FILE',
    '',
    'File of a token that goes with each call over TLS; read anew each time.',
  ),
  modelServerConnections: setting.integer(
    'MODEL_SERVER_CONNECTIONS',
    4,
    'Connections to each address of the model server.',
    { min: 1, max: 64 },
  ),
  modelServerRenew: setting.seconds(
    'MODEL_SERVER_RENEW',
    60,
    'Age at which a connection is renewed, so that new model servers behind one address get work.',
    { min: 1 },
  ),
  modelServerCalls: setting.integer(
    'MODEL_SERVER_CALLS',
    64,
    'Calls in flight at most to each address; fewer while it answers slowly.',
    { min: 1, max: 1024 },
  ),
  modelServerRequestBytes: setting.bytes(
    'MODEL_SERVER_REQUEST_BYTES',
    8 * 2 ** 20,
    'Size of the tensors of a request at most, unless a single row is larger.',
  ),
  modelServerLinger: setting.seconds(
    'MODEL_SERVER_LINGER',
    0.005,
    'Longest wait for more rows while a model server has nothing to do.',
  ),
  tfHost: setting.text('TF_HOST', 'tf-serving', 'Host of the model server.'),
  tfPort: setting.integer('TF_PORT', 8500, 'Its gRPC port.', { min: 1, max: 65_535 }),
  tfMaxBatchSize: setting.integer(
    'TF_MAX_BATCH_SIZE',
    64,
    'Rows of a request at most, for a model of TF_MIN_MODEL_SIZE; larger models get fewer.',
    { min: 1 },
  ),
  tfMinModelSize: setting.integer(
    'TF_MIN_MODEL_SIZE',
    128,
    'Pixels along an axis of the smallest model.',
    {
      min: 1,
    },
  ),
  grpcTimeout: setting.seconds('GRPC_TIMEOUT', 30, 'Deadline of one prediction.', { min: 0.1 }),
  grpcBackoff: setting.seconds('GRPC_BACKOFF', 3, 'Pause before a prediction is tried again.'),
  maxRetry: setting.integer(
    'MAX_RETRY',
    5,
    'How often a prediction that timed out or was refused is tried again; 0: without limit.',
    { min: 0 },
  ),
  metadataExpireTime: setting.seconds(
    'METADATA_EXPIRE_TIME',
    30,
    'How long the shape of a model is remembered.',
    {
      min: 1,
    },
  ),

  // Traces, by the standard names of OpenTelemetry
  otelEndpoint: setting.url(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'Collector of traces, by OTLP over HTTP, as in http://collector:4318. Without one there are no traces.',
  ),
  otelTracesEndpoint: setting.url(
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    'The same with its path, as in http://collector:4318/v1/traces; goes before.',
  ),
  otelHeaders: setting.list(
    'OTEL_EXPORTER_OTLP_HEADERS',
    'Headers for the collector, as in name=value,name=value.',
    { secret: true },
  ),
  otelServiceName: setting.text(
    'OTEL_SERVICE_NAME',
    '',
    'Name of this service in traces; kiosk-redis-consumer if empty.',
  ),
  otelResourceAttributes: setting.list(
    'OTEL_RESOURCE_ATTRIBUTES',
    'Attributes of this service in traces, as in name=value,name=value.',
  ),
  otelTracesExporter: setting.choice('OTEL_TRACES_EXPORTER', 'otlp', 'none: no traces.', [
    'otlp',
    'none',
  ]),
  otelDisabled: setting.boolean('OTEL_SDK_DISABLED', false, 'Whether to leave traces out.'),

  // HTTP and log
  httpHost: optional(
    setting.text('HTTP_HOST', '', 'Address to serve metrics, status and probes on.'),
    'all addresses of this machine, IPv6 and IPv4',
  ),
  httpPort: setting.integer('HTTP_PORT', 8080, 'Port for them; 0: any free one.', {
    min: 0,
    max: 65_535,
  }),
  healthPort: optional(
    setting.integer(
      'HEALTH_PORT',
      0,
      'A port for the probes alone, which no crowd at HTTP_PORT can keep from an answer.',
      { min: 0, max: 65_535 },
    ),
    'probes are answered on HTTP_PORT only',
  ),
  stallTimeout: setting.seconds(
    'STALL_TIMEOUT',
    900,
    'A consumer that is full, whose jobs have not got on for this long though no dependency is down, fails its ' +
      'liveness probe; 0: never.',
  ),
  logLevel: setting.choice('LOG_LEVEL', 'INFO', 'Least severe lines to log.', [
    'CRITICAL',
    'ERROR',
    'WARN',
    'INFO',
    'DEBUG',
  ]),
  logFormat: setting.choice('LOG_FORMAT', 'json', 'Lines for machines or for people.', [
    'json',
    'human',
  ]),
} as const;

/** Variables of the Python consumer that have no effect here, with the reason. Accepted, so that charts need no change. */
export const OBSOLETE_SETTINGS: Readonly<Record<string, string>> = {
  INTERVAL: 'Nothing is polled: a job is taken as soon as it arrives.',
  DO_NOTHING_TIMEOUT: 'Nothing is polled.',
  EXPIRE_TIME: 'Jobs made of jobs are not part of this version.',
  DEBUG: 'LOG_LEVEL decides.',
  GKE_COMPUTE_ZONE: 'Was never used by the consumer itself.',
  SEGMENTATION_QUEUE: 'Tracking jobs are not part of this version.',
  TRACKING_MODEL: 'Tracking jobs are not part of this version.',
  CALIBAN_MODEL: 'Tracking jobs are not part of this version.',
  NEIGHBORHOOD_ENCODER: 'Tracking jobs are not part of this version.',
  DRIFT_CORRECT_ENABLED: 'Tracking jobs are not part of this version.',
  TRACK_LENGTH: 'Tracking jobs are not part of this version.',
  MAX_DISTANCE: 'Tracking jobs are not part of this version.',
  BIRTH: 'Tracking jobs are not part of this version.',
  DEATH: 'Tracking jobs are not part of this version.',
  DIVISION: 'Tracking jobs are not part of this version.',
  APPEARANCE_DIM: 'Tracking jobs are not part of this version.',
  CROP_MODE: 'Tracking jobs are not part of this version.',
  CALIBAN_NORM: 'Tracking jobs are not part of this version.',
  POLARIS_SCALE: 'Polaris jobs are not part of this version.',
};
