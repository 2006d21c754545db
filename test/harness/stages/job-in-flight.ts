import type { InFlight, Permit } from '../../../src/flow/in-flight.ts';
import { JobWarnings } from '../../../src/job/job-warnings.ts';
import type { Job } from '../../../src/job/job.ts';

/** A permit for as much memory as anybody wants. */
export function freePermit(given: Partial<Permit> = {}): Permit {
  return {
    begin: () => {},
    reserve: async () => {},
    tryReserve: () => true,
    giveBack: () => {},
    holds: () => {},
    arrive: () => {},
    rest: () => {},
    release: () => {},
    ...given,
  };
}

/** A job of an image. */
export function sampleJob(given: Partial<Job> = {}): Job {
  return {
    key: 'image:a.tif:1',
    queue: 'image',
    fields: {},
    inputFileName: 'uploads/a.tif',
    originalName: 'a.tif',
    resultId: '0123456789abcdef0123456789abcdef',
    ...given,
  };
}

/** A claimed job with a permit that grants everything. */
export function jobInFlight<Value>(
  value: Value,
  given: Partial<InFlight<Value>> = {},
): InFlight<Value> {
  const job = given.job ?? sampleJob();
  return {
    job,
    claim: { key: job.key, token: 1 },
    phase: 'work',
    permit: freePermit(),
    signal: new AbortController().signal,
    claimedAt: 0,
    notes: new Map(),
    warnings: new JobWarnings(),
    value,
    ...given,
  };
}
