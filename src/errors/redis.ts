import type { CatalogueEntry } from './entry.ts';

/** What Redis may answer. */
export const REDIS_ERRORS = {
  redis_unreachable: {
    kind: 'unavailable',
    cause: 'Redis could not be reached, is loading, busy, or a replica.',
    remedy:
      'Check REDIS_HOST, REDIS_PORT and the state of Redis; the consumer reconnects by itself.',
  },
  redis_auth: {
    kind: 'fatal',
    cause: 'Redis refused the user name or password.',
    remedy: 'Check REDIS_USERNAME and REDIS_PASSWORD.',
  },
  redis_permission: {
    kind: 'fatal',
    cause: 'The Redis user may not use a command or a key that the consumer needs.',
    remedy:
      'Allow the user the commands and keys that docs/REDIS.md lists; `doctor` tries them all.',
  },
  redis_unsupported: {
    kind: 'fatal',
    cause:
      'This Redis runs in cluster mode (as serverless and sharded services do), is older than ' +
      'version 5, or lacks a command.',
    remedy: 'Use Redis 5 or newer, or Valkey, without cluster mode; a Sentinel may watch it.',
  },
} as const satisfies Record<string, CatalogueEntry>;
