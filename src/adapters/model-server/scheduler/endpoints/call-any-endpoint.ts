import { type KnownError, classify } from '../../../../errors.ts';
import type { Clock } from '../../../../ports.ts';
import { reasonOf } from '../../call-error.ts';
import type { Endpoint } from '../../endpoint.ts';
import { backoffMs } from '../backoff.ts';
import { pause } from '../wake-up-timer.ts';
import type { EndpointPool } from './endpoint-pool.ts';
import type { EndpointState } from './endpoint-state.ts';
import type { HealthWatch } from './health-watch.ts';

interface AnyEndpointCall<Reply> {
  readonly call: (endpoint: Endpoint) => Promise<Reply>;
  /** The model that the call is about, `NuclearSegmentation:6`. */
  readonly model: string;
  readonly pool: EndpointPool;
  readonly watch: HealthWatch;
  readonly clock: Clock;
  readonly random: () => number;
  /** Longest pause before the call is retried. */
  readonly longestMs: number;
  readonly signal: AbortSignal;
}

/**
 * Makes a small call about a model to one server after the other until one answers; waits while none does. Rejects with
 * `unknown_model` once all servers that answer have said that they lack the model.
 */
export async function callAnyEndpoint<Reply>(options: AnyEndpointCall<Reply>): Promise<Reply> {
  const { model, pool, watch, clock, random, longestMs, signal } = options;
  const lacking = new Map<EndpointState, KnownError>();
  try {
    for (let round = 0; ; round++) {
      const outcome = await askEach(options, lacking);
      if ('reply' in outcome) return outcome.reply;
      const { failure } = outcome;
      const refusal = lacking.entries().find(([state]) => state.isUp && pool.has(state))?.[1];
      if (failure === undefined && refusal !== undefined) throw refusal;
      watch.inputsUnknown(model, failure?.message);
      await rest(backoffMs(round, { longestMs, random }), { watch, clock, signal });
    }
  } finally {
    watch.inputsUnknown(model, undefined);
  }
}

/** Sleeps, but no longer than until the state of a server has changed. */
async function rest(
  ms: number,
  { watch, clock, signal }: Pick<AnyEndpointCall<unknown>, 'watch' | 'clock' | 'signal'>,
): Promise<void> {
  const wakeUp = new AbortController();
  const stopListening = watch.onUpdate(() => wakeUp.abort());
  await pause(clock, ms, AbortSignal.any([signal, wakeUp.signal]));
  stopListening();
}

type Outcome<Reply> = { readonly reply: Reply } | { readonly failure: KnownError | undefined };

/** Asks all servers that may know, until one gives a reply. */
async function askEach<Reply>(
  { call, model, pool, watch, signal }: AnyEndpointCall<Reply>,
  lacking: Map<EndpointState, KnownError>,
): Promise<Outcome<Reply>> {
  const asked = new Set(lacking.keys());
  let failure: KnownError | undefined;
  for (;;) {
    signal.throwIfAborted();
    const state = pool.next(asked, model);
    if (state === undefined) return { failure };
    asked.add(state);
    try {
      const reply = await call(state.endpoint);
      watch.found(state, model, true);
      return { reply };
    } catch (thrown) {
      signal.throwIfAborted();
      const error = classify(thrown);
      if (error.code === 'unknown_model') lacking.set(state, error);
      else failure = error;
      noteFailure(error, { state, model, watch });
    }
  }
}

interface Place {
  readonly state: EndpointState;
  readonly model: string;
  readonly watch: HealthWatch;
}

/** Throws unless another server may give a reply. */
function noteFailure(error: KnownError, { state, model, watch }: Place): void {
  const reason = reasonOf(error);
  if (reason === 'unknown model') watch.found(state, model, false);
  else if (reason === 'no answer' || reason === 'deadline') watch.lost(state, error);
  else watch.answered(state);
  if (reason !== 'unknown model' && error.kind !== 'unavailable') throw error;
}
