import { setting } from '../setting.ts';

/** Where models are served, and how they are asked. */
export const MODEL_SERVER_SETTINGS = {
  modelServerProtocol: setting.choice(
    'MODEL_SERVER_PROTOCOL',
    'tfserving',
    'Protocol of the model server; kserve is for Triton and OpenVINO.',
    ['tfserving', 'kserve'],
  ),
  modelSignature: setting.list(
    'MODEL_SIGNATURE',
    'Signature of the models; serving_default if empty. For single models: name=signature or name:version=signature.',
  ),
  modelServerTls: setting.boolean(
    'MODEL_SERVER_TLS',
    false,
    'Whether to use TLS with the model server.',
  ),
  modelServerCaFile: setting.text(
    'MODEL_SERVER_CA_FILE',
    '',
    'PEM file of the certificate authorities to trust; those of the system if empty.',
    { allowed: 'the path of a file' },
  ),
  modelServerCertificateFile: setting.text(
    'MODEL_SERVER_CERTIFICATE_FILE',
    '',
    'PEM file of the client certificate, for model servers that require one.',
    { allowed: 'the path of a file' },
  ),
  modelServerKeyFile: setting.text(
    'MODEL_SERVER_KEY_FILE',
    '',
    'PEM file of the private key of that certificate.',
    {
      allowed: 'the path of a file',
    },
  ),
  modelServerTokenFile: setting.text(
    'MODEL_SERVER_TOKEN_FILE',
    '',
    'File with a bearer token, read and sent with each call over TLS.',
    { allowed: 'the path of a file' },
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
    'Age at which a connection is replaced, so that new model servers behind the same address get work.',
    { min: 1 },
  ),
  modelServerCalls: setting.integer(
    'MODEL_SERVER_CALLS',
    64,
    'Maximum calls in flight to each address; lowered while responses are slow.',
    { min: 1, max: 1024 },
  ),
  modelServerRequestBytes: setting.bytes(
    'MODEL_SERVER_REQUEST_BYTES',
    8 * 2 ** 20,
    'Maximum size of the tensors in a request, unless a single row is larger.',
  ),
  modelServerLinger: setting.seconds(
    'MODEL_SERVER_LINGER',
    0.005,
    'How long a request waits for more rows while a model server is idle.',
  ),
  tfHost: setting.text('TF_HOST', 'tf-serving', 'Host of the model server.', {
    allowed: 'a host name or an address',
  }),
  tfPort: setting.port('TF_PORT', 8500, 'gRPC port of the model server.'),
  tfMaxBatchSize: setting.integer(
    'TF_MAX_BATCH_SIZE',
    64,
    'Maximum rows of a request for a model of TF_MIN_MODEL_SIZE; larger models get fewer.',
    { min: 1 },
  ),
  tfMinModelSize: setting.integer(
    'TF_MIN_MODEL_SIZE',
    128,
    'Side of the input of the smallest model, in pixels.',
    {
      min: 1,
    },
  ),
  grpcTimeout: setting.seconds('GRPC_TIMEOUT', 30, 'Deadline of one prediction.', { min: 0.1 }),
  grpcBackoff: setting.seconds(
    'GRPC_BACKOFF',
    3,
    'Maximum pause before a prediction is retried; the first pause is a tenth of it.',
  ),
  maxRetry: setting.integer(
    'MAX_RETRY',
    5,
    'Maximum retries of a prediction that timed out or was refused; 0: no limit.',
    { min: 0 },
  ),
  metadataExpireTime: setting.seconds(
    'METADATA_EXPIRE_TIME',
    30,
    'How long model metadata is cached.',
    {
      min: 1,
    },
  ),
} as const;
