import { KnownError } from '../../errors.ts';

const REFUSED = /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password|ERR Client sent AUTH)/;

/** What a Redis server or its connection said, as an error that tells what to do. */
export function translateRedisError(thrown: unknown, address: string): KnownError {
  if (thrown instanceof KnownError) return thrown;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  if (REFUSED.test(said)) {
    return new KnownError('redis_auth', `Redis at ${address} refused us: ${said}`, {
      cause: thrown,
    });
  }
  if (/^(ERR|WRONGTYPE|NOSCRIPT) /.test(said)) {
    return new KnownError('internal', `Redis at ${address} did not understand: ${said}`, {
      cause: thrown,
    });
  }
  // READONLY, LOADING, BUSY, MASTERDOWN, OOM, UNBLOCKED, TRYAGAIN, CLUSTERDOWN and whatever happens to a connection pass.
  return new KnownError('redis_unreachable', `Redis at ${address} cannot be used now: ${said}`, {
    cause: thrown,
  });
}
