import type { KnownError } from '../../../../errors.ts';
import type { PredictFact } from '../../../../facts/predict.ts';
import type { Clock } from '../../../../ports.ts';
import type { EndpointState } from './endpoint-state.ts';
import type { ModelState } from './model-state.ts';

interface HealthFactsOptions {
  readonly clock: Clock;
  readonly emit: (fact: PredictFact) => void;
}

type State = 'up' | 'down' | 'gone';

/** Tells of servers, and of models on them, that begin or cease to work: each change once, with the time in between. */
export class HealthFacts {
  readonly #options: HealthFactsOptions;
  readonly #told = new WeakMap<EndpointState | ModelState, { state: State; at: number }>();

  constructor(options: HealthFactsOptions) {
    this.#options = options;
  }

  endpoint(endpointState: EndpointState, state: State): void {
    const { reason, endpoint } = endpointState;
    // Nothing is known of a server before its first probe has ended.
    if (state === 'down' && reason === undefined) return;
    this.#tell(endpointState, state, {
      type: 'endpoint changed',
      endpoint: endpoint.address,
      state,
      ...(state === 'down' && reason !== undefined && { reason }),
    });
  }

  model(endpointState: EndpointState, model: string, modelState: ModelState): void {
    const { health, reason } = modelState;
    const state = health.state === 'up' ? 'up' : 'down';
    if (state === 'up' && !this.#told.has(modelState)) return;
    this.#tell(modelState, state, {
      type: 'model changed',
      model,
      endpoint: endpointState.endpoint.address,
      state,
      ...(state === 'down' && { reason }),
    });
  }

  probeFailed({ endpoint }: EndpointState, error: KnownError, model?: string): void {
    const { code, message, details } = error;
    const about = { endpoint: endpoint.address, ...(model !== undefined && { model }) };
    this.#options.emit({ type: 'probe failed', ...about, code, message, details });
  }

  #tell(about: EndpointState | ModelState, state: State, fact: PredictFact): void {
    const before = this.#told.get(about);
    if (before?.state === state) return;
    const at = this.#options.clock.monotonic();
    this.#told.set(about, { state, at });
    this.#options.emit({ ...fact, ...(before && { ms: at - before.at }) });
  }
}
