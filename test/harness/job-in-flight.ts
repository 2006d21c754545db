import type { InFlight, Permit } from '../../src/flow/in-flight.ts';

/** A permit for as much memory as anybody wants. */
export function freePermit(given: Partial<Permit> = {}): Permit {
  return {
    begin: () => {},
    reserve: async () => {},
    tryReserve: () => true,
    holds: () => {},
    release: () => {},
    ...given,
  };
}

/** A job on its way through stages, with a permit for everything. */
export function jobInFlight<Value extends object>(
  value: Value,
  given: Partial<InFlight<Value>> = {},
): InFlight<Value> {
  return {
    job: {
      key: 'image:1',
      queue: 'image',
      fields: {},
      inputFileName: 'a.tif',
      originalName: 'a.tif',
    },
    permit: freePermit(),
    signal: new AbortController().signal,
    claimedAt: 0,
    notes: new Map(),
    value,
    ...given,
  };
}
