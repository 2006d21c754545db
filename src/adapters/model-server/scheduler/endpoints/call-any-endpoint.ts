import { type KnownError, classify } from '../../../../errors.ts';
import type { Clock } from '../../../../ports.ts';
import type { Endpoint } from '../../endpoint.ts';
import { backoffMs } from '../failures/backoff.ts';
import type { EndpointState } from './endpoint-state.ts';
import type { EndpointPool } from './endpoint-pool.ts';

interface AnyEndpointCall<Reply> {
  readonly call: (endpoint: Endpoint) => Promise<Reply>;
  readonly pool: EndpointPool;
  readonly clock: Clock;
  readonly random: () => number;
  /** Longest pause before the call is retried. */
  readonly longestMs: number;
  readonly signal: AbortSignal;
}

/** Makes a small call to one server after the other until one answers; waits while none does. */
export async function callAnyEndpoint<Reply>(options: AnyEndpointCall<Reply>): Promise<Reply> {
  const { pool, clock, random, longestMs, signal, call } = options;
  let avoid: EndpointState | undefined;
  for (let round = 0; ; round++) {
    signal.throwIfAborted();
    const state = pool.any(avoid);
    if (state !== undefined) {
      try {
        const reply = await call(state.endpoint);
        state.health.answered();
        return reply;
      } catch (thrown) {
        noteFailure(classify(thrown), { state, pool, signal });
      }
    }
    const elsewhere = state !== undefined && state !== avoid && pool.othersUp(state) > 0;
    avoid = state;
    if (!elsewhere) await clock.sleep(backoffMs(round, { longestMs, random }), signal);
  }
}

interface Place {
  readonly state: EndpointState;
  readonly pool: EndpointPool;
  readonly signal: AbortSignal;
}

/** Throws unless the call may be retried. */
function noteFailure(error: KnownError, { state, pool, signal }: Place): void {
  signal.throwIfAborted();
  if (error.kind === 'unavailable') return pool.failed(state, error.message);
  state.health.answered();
  throw error;
}
