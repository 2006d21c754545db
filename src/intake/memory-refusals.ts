import { KnownError } from '../errors.ts';

/** More than there is, for one job. */
export function tooMuch(bytes: number, most: number): KnownError {
  return new KnownError(
    'out_of_memory',
    `The image needs ${mebibytes(bytes)} MiB of memory to process, but the consumer has ${mebibytes(most)} MiB.`,
  );
}

/** Younger jobs held memory while they waited for more, and the oldest had none. */
export function neededByOlder(bytes: number): KnownError {
  return new KnownError(
    'memory_shortage',
    `An older job needed the ${mebibytes(bytes)} MiB of memory that the job held while it waited for more.`,
  );
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
