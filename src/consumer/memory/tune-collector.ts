import { setFlagsFromString } from 'node:v8';
import { IDLE_BYTES, MODEST_BYTES, containerLimit } from './memory-budget.ts';

const MIB = 2 ** 20;
/** What the heap of the main thread holds under load. */
const HEAP_BYTES = 26 * MIB;
/** What arrays may take between two collections, as a share of the rest of the container. */
const GARBAGE_SHARE = 0.28;
/** With less, the heap is marked without end. */
const LEAST_PERCENT = 100;
/** From here on up a container has room for more garbage. */
const ROOMY_BYTES = 1024 * MIB;
const ROOMY_PERCENT = 75;

/**
 * How V8 collects garbage in this process. It counts the memory of arrays, which pass through here by the
 * hundred megabytes and are short-lived, into the growth of a heap that holds 26 MiB, and so would mark all
 * of that heap after every 25 MiB of arrays: a sixth of all processor time. And its helpers for young garbage
 * spin while they wait for work, which costs more than the little that there is. All flags are read at each
 * collection. To be called once the threads run: V8 takes code that was compiled before, of Node too, only where it
 * was compiled under the same flags, and without it a thread takes half as long again to start.
 */
export function tuneCollector(limit = containerLimit()): void {
  for (const flag of growthFlags(limit)) setFlagsFromString(flag);
  setFlagsFromString('--no-parallel-scavenge');
}

/**
 * The flags that say when V8 collects. Besides what is said above, it collects whenever the main thread holds 64 MiB
 * more of arrays than after the last time: twice for each mesmer image of 1024². A quarter of all processor time went
 * to that, and to compiling again what it forgets then. In a container with room, arrays count as part of the heap
 * instead, which may grow by a share of what is in use.
 */
function growthFlags(limit?: number): string[] {
  if (limit === undefined || limit < ROOMY_BYTES)
    return [`--heap-growing-percent=${heapGrowth(limit)}`];
  return [
    '--external-memory-accounted-in-global-limit',
    `--heap-growing-percent=${ROOMY_PERCENT}`,
    '--no-flush-bytecode',
  ];
}

/**
 * By how many percent the heap, with the arrays since, may grow until it is collected; `limit`: bytes of the
 * container.
 */
export function heapGrowth(limit = MODEST_BYTES): number {
  // With more, fewer collections save no time.
  const garbage = GARBAGE_SHARE * (Math.min(limit, MODEST_BYTES) - IDLE_BYTES);
  return Math.max(LEAST_PERCENT, Math.round((100 * garbage) / HEAP_BYTES));
}
