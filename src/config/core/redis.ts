import { setting } from '../setting.ts';

/** How Redis is reached, and what the consumer asks of it. */
export const REDIS_SETTINGS = {
  redisHost: setting.text(
    'REDIS_HOST',
    'redis-master',
    'Host of Redis, or of a Sentinel; which one is detected at startup.',
    { allowed: 'a host name or an address' },
  ),
  redisPort: setting.port('REDIS_PORT', 6379, 'Port of Redis or of the Sentinel.'),
  redisTimeout: setting.seconds(
    'REDIS_TIMEOUT',
    3,
    'Pause between attempts to reconnect to Redis.',
  ),
  redisUsername: setting.text('REDIS_USERNAME', '', 'User name for Redis.', {
    allowed: 'a user name',
  }),
  redisPassword: setting.text('REDIS_PASSWORD', '', 'Password for Redis.', {
    allowed: 'a password',
    secret: true,
  }),
  redisSentinelUsername: setting.text(
    'REDIS_SENTINEL_USERNAME',
    '',
    'User name for the Sentinel, if its login differs from that of Redis.',
    { allowed: 'a user name' },
  ),
  redisSentinelPassword: setting.text(
    'REDIS_SENTINEL_PASSWORD',
    '',
    'Password for the Sentinel; if empty, the login of Redis is tried.',
    { allowed: 'a password', secret: true },
  ),
  redisTls: setting.boolean(
    'REDIS_TLS',
    false,
    'Whether to use TLS with Redis, and with the Sentinel if there is one.',
  ),
  redisCaFile: setting.text(
    'REDIS_CA_FILE',
    '',
    'PEM file of the certificate authorities to trust for Redis; those of the system if empty.',
    { allowed: 'the path of a file' },
  ),
  redisCertificateFile: setting.text(
    'REDIS_CERTIFICATE_FILE',
    '',
    'PEM file of the client certificate, for a Redis that requires one.',
    { allowed: 'the path of a file' },
  ),
  redisKeyFile: setting.text(
    'REDIS_KEY_FILE',
    '',
    'PEM file of the private key of that certificate.',
    {
      allowed: 'the path of a file',
    },
  ),
  emptyQueueTimeout: setting.seconds(
    'EMPTY_QUEUE_TIMEOUT',
    5,
    'Timeout of the blocking pop; a job that arrives meanwhile is taken at once.',
    { min: 1, max: 60 },
  ),
  childrenInQueue: setting.integer(
    'CHILDREN_IN_QUEUE',
    250,
    'Maximum children of one job in queues at a time, so that other jobs get their turn.',
    { min: 1, max: 100_000 },
  ),
  expireTime: setting.seconds(
    'EXPIRE_TIME',
    3600,
    'How long the hashes of children stay in Redis once their parent has ended.',
    { min: 1 },
  ),
} as const;
