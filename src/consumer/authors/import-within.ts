import { clearTimeout, setTimeout } from 'node:timers';
import { KnownError } from '../../errors.ts';

/**
 * Imports a module; rejects with `bad_workflow` if it is not loaded within `ms`. A module that waits for ever
 * at its top level would end the process without a word: Node ends when there is nothing else to do.
 */
export async function importWithin(url: URL, ms: number): Promise<unknown> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(notLoaded(ms)), ms);
  try {
    return await Promise.race([import(url.href), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function notLoaded(ms: number): KnownError {
  const message = `It is not loaded after ${ms / 1000} s. Does it wait for something at its top level?`;
  return new KnownError('bad_workflow', message);
}
