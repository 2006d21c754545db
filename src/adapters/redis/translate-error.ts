import { type ErrorCode, KnownError, messageOf } from '../../errors.ts';

interface Rule {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  /** What follows "Redis at host:port". */
  readonly means: string;
}

/** The first rule that fits decides. */
const RULES: readonly Rule[] = [
  {
    pattern:
      /^(NOAUTH|WRONGPASS|ERR AUTH|ERR invalid password|ERR Client sent AUTH|ERR wrong number of arguments for 'auth')/,
    code: 'redis_auth',
    means: 'refused the login',
  },
  {
    pattern: /^NOPERM|ACL failure in script|The user executing the script can't/,
    code: 'redis_permission',
    means: 'does not allow what the consumer needs',
  },
  {
    pattern: /^(MOVED|ASK|CROSSSLOT|CLUSTERDOWN)\b/,
    code: 'redis_unsupported',
    means: 'runs in cluster mode; use one without (not serverless, not sharded)',
  },
  {
    pattern: /unknown (redis )?command|unsupported command|unknown subcommand|undeclared key/i,
    code: 'redis_unsupported',
    means: 'lacks a command that the consumer needs',
  },
  // This one passes, unlike other errors that begin so.
  {
    pattern: /^ERR max number of clients/,
    code: 'redis_unreachable',
    means: 'takes no more connections',
  },
  {
    pattern: /^(ERR|WRONGTYPE|NOSCRIPT)\b/,
    code: 'internal',
    means: 'did not understand',
  },
  {
    pattern: /self-signed certificate|unable to (get|verify).*certificate|certificate has expired/i,
    code: 'redis_unreachable',
    means: 'has a certificate that is not trusted (REDIS_CA_FILE names the authority)',
  },
  {
    pattern: /wrong version number|packet length too long|ERR_SSL/i,
    code: 'redis_unreachable',
    means: 'does not speak TLS as REDIS_TLS wants it',
  },
];

/** READONLY, LOADING, BUSY, MASTERDOWN, MISCONF, OOM, UNBLOCKED, and whatever happens to a connection, pass. */
const PASSES = { code: 'redis_unreachable', means: 'cannot be used now' } as const;

/** What ioredis says of a connection in words of its own, which name its options. */
const OF_THE_LIBRARY: readonly (readonly [RegExp, string])[] = [
  [/^(Stream isn't writeable|Connection is closed)/, 'there is no connection'],
  [/^Command timed out/, 'it did not answer in time'],
];

/** What a Redis server or its connection said, as an error that tells what to do. */
export function translateRedisError(thrown: unknown, address: string): KnownError {
  if (thrown instanceof KnownError) return thrown;
  const said = rootMessage(messageOf(thrown));
  const { code, means } = RULES.find(({ pattern }) => pattern.test(said)) ?? PASSES;
  return new KnownError(code, `Redis at ${address} ${means}: ${said}`, { cause: thrown });
}

/**
 * The error itself, out of what stands around it. Up to 6.2 Redis hands errors inside scripts on as
 * `ERR Error running script (call to f_…): @user_script:1: @user_script: 1: -OOM command not allowed …`, later as
 * `OOM command not allowed …`; ioredis puts `Ready check failed: ` in front of some, and has words of its own.
 */
export function rootMessage(message: string): string {
  const inner = message.replace(/^Ready check failed: /, '');
  const ofScript = /^ERR Error running script.*@user_script: ?\d+: -?([A-Z]{2,} .*)$/s.exec(inner);
  const [, plain] = OF_THE_LIBRARY.find(([pattern]) => pattern.test(inner)) ?? [];
  return ofScript?.[1] ?? plain ?? inner;
}
