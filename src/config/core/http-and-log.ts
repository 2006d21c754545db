import { optional, setting } from '../setting.ts';

/** What the consumer shows of itself. */
export const HTTP_AND_LOG_SETTINGS = {
  httpHost: optional(
    setting.text('HTTP_HOST', '', 'Address to serve metrics, status and probes on.', {
      allowed: 'an address of this machine',
    }),
    'all addresses of this machine, IPv6 and IPv4',
  ),
  httpPort: setting.port(
    'HTTP_PORT',
    8080,
    'Port for metrics, status and probes; 0: any free port.',
    { min: 0 },
  ),
  healthPort: optional(
    setting.port(
      'HEALTH_PORT',
      0,
      'Separate port for the probes, which are then answered even while HTTP_PORT is busy.',
      { min: 0 },
    ),
    'probes are answered on HTTP_PORT only',
  ),
  stallTimeout: setting.seconds(
    'STALL_TIMEOUT',
    900,
    'The liveness probe fails once a full consumer has made no progress with any job for this long, ' +
      'although no dependency is down; 0: never.',
  ),
  logLevel: setting.choice('LOG_LEVEL', 'INFO', 'Minimum log level.', [
    'CRITICAL',
    'ERROR',
    'WARN',
    'INFO',
    'DEBUG',
  ]),
  logFormat: setting.choice('LOG_FORMAT', 'json', 'Log format: JSON or human-readable.', [
    'json',
    'human',
  ]),
} as const;
