import type { InFlight } from '../../src/flow/in-flight.ts';

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
    permit: { reserve: async () => {}, holds: () => {}, release: () => {} },
    signal: new AbortController().signal,
    claimedAt: 0,
    notes: new Map(),
    value,
    ...given,
  };
}
