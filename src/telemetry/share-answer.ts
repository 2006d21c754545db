import type { Clock } from '../ports.ts';

/** Makes one answer for all who ask within `ms`, so that a crowd costs as much as one who asks. */
export function shareAnswer<Answer>(
  make: () => Promise<Answer>,
  { clock, ms }: { readonly clock: Clock; readonly ms: number },
): () => Promise<Answer> {
  let shared: Promise<Answer> | undefined;
  let madeAt = -Infinity;
  return () => {
    const now = clock.monotonic();
    if (shared === undefined || now - madeAt >= ms) {
      madeAt = now;
      shared = make();
      // One that fails is made again for the next who asks.
      shared.catch(() => (madeAt = -Infinity));
    }
    return shared;
  };
}
