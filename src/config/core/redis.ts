import { setting } from '../setting.ts';

/** Where Redis is, and how to speak to it. */
export const REDIS_SETTINGS = {
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
} as const;
