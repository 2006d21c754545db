import { optional, setting } from '../setting.ts';

/** What the consumer shows of itself. */
export const HTTP_AND_LOG_SETTINGS = {
  httpHost: optional(
    setting.text('HTTP_HOST', '', 'Address to serve metrics, status and probes on.', {
      allowed: 'an address of this machine',
    }),
    'all addresses of this machine, IPv6 and IPv4',
  ),
  httpPort: setting.port('HTTP_PORT', 8080, 'Port for them; 0: any free one.', { min: 0 }),
  healthPort: optional(
    setting.port(
      'HEALTH_PORT',
      0,
      'A port for the probes alone, so that they are answered however busy HTTP_PORT is.',
      { min: 0 },
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
