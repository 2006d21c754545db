import { setFlagsFromString } from 'node:v8';

/**
 * How V8 collects garbage in this process. It counts the memory of arrays, which pass through here by the hundred megabytes and are
 * short-lived, into the growth of a heap that holds 30 MiB, and so would mark all of that heap after every 25 MiB of arrays. And its
 * helpers for young garbage spin while they wait for work, which costs more than the little that there is. Both flags are read at each
 * collection. The function that collects is asked for here, before any thread starts: V8 takes code that was compiled before only
 * where it was compiled under the same flags.
 */
export function tuneCollector(): void {
  setFlagsFromString('--heap-growing-percent=100');
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--expose-gc');
}
