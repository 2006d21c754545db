import { KnownError } from '../errors.ts';

/**
 * Why a consumer that has stopped could not say so. Where nothing waits for Redis any longer, others see that it is
 * gone, and give back what it held.
 */
export function untold(error: KnownError): KnownError {
  if (error.code !== 'shutting_down') return error;
  return new KnownError(
    'redis_unreachable',
    'Redis could not be told that this consumer stops: others see it by its heartbeat, and give back its jobs.',
    { cause: error },
  );
}
