import { classify } from '../../../../errors.ts';
import type { Clock } from '../../../../ports.ts';
import type { Endpoint, EndpointSet } from '../../endpoint.ts';
import type { PredictFact } from '../../../../facts/predict.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { EndpointState, type EndpointStateSettings } from './endpoint-state.ts';
import { pause } from '../wake-up-timer.ts';

interface EndpointPoolOptions {
  readonly endpoints: EndpointSet;
  readonly clock: Clock;
  readonly emit: (fact: PredictFact) => void;
  readonly signal: AbortSignal;
  readonly settings: EndpointStateSettings;
  /** Called when there may be room that was not there before. */
  readonly onRoom: () => void;
}

/** The servers that there are now: follows their coming and going, probes those that failed, and picks one. */
export class EndpointPool {
  readonly #options: EndpointPoolOptions;
  readonly #breaker: CircuitBreaker;
  readonly #states = new Map<Endpoint, EndpointState>();
  #lastFailure: string | undefined;

  constructor(options: EndpointPoolOptions) {
    this.#options = options;
    this.#breaker = new CircuitBreaker(options.emit);
  }

  /** Begins to follow the servers. */
  open(): void {
    const { endpoints } = this.#options;
    endpoints.onChange(() => this.#follow());
    if (endpoints.endpoints.length > 0) this.#follow();
  }

  /** Servers that answer besides this one. */
  othersUp(state: EndpointState): number {
    return this.#count('up') - (this.#has(state) && state.health.state === 'up' ? 1 : 0);
  }

  /** Undefined while a server answers, or none was tried; otherwise why not. */
  problem(): string | undefined {
    const noAddress = this.#states.size === 0 ? this.#options.endpoints.problem() : undefined;
    return this.#breaker.problem() ?? noAddress;
  }

  /** The server with room that works least: idle before busy, then fewest bytes under way; `avoid` is the last choice. */
  pick(now: number, avoid: string | undefined): EndpointState | undefined {
    let best: EndpointState | undefined;
    for (const state of this.#states.values()) {
      if (!state.hasRoom(now)) continue;
      if (best === undefined || rank(state, avoid) < rank(best, avoid)) best = state;
      else if (rank(state, avoid) === rank(best, avoid) && state.bytes < best.bytes) best = state;
    }
    return best;
  }

  /** Any server that answers, room or not; `avoid` only if there is no other. */
  any(avoid: EndpointState | undefined): EndpointState | undefined {
    const up = [...this.#states.values()].filter(({ health }) => health.state === 'up');
    return up.find((state) => state !== avoid) ?? up[0];
  }

  /** A call to this server found nobody, or no answer in time. */
  failed(state: EndpointState, reason: string): void {
    this.#lastFailure = reason;
    const before = state.health.state;
    state.health.failed(this.#options.clock.monotonic());
    if (before === 'up' && state.health.state === 'down' && this.#has(state))
      void this.#revive(state);
  }

  #follow(): void {
    const present = new Set(this.#options.endpoints.endpoints);
    for (const [endpoint, state] of this.#states) {
      if (present.has(endpoint)) continue;
      this.#states.delete(endpoint);
      this.#tell(state, 'gone');
    }
    for (const endpoint of present) {
      if (this.#states.has(endpoint)) continue;
      const state = new EndpointState(endpoint, this.#options.settings);
      this.#states.set(endpoint, state);
      this.#tell(state, 'up');
    }
    this.#changed();
  }

  /** Probes a server that is down until it answers or is gone. */
  async #revive(state: EndpointState): Promise<void> {
    const { clock, signal } = this.#options;
    this.#tell(state, 'down');
    while (state.health.state === 'down' && this.#has(state)) {
      this.#changed();
      const rested = await pause(clock, state.health.probeAt - clock.monotonic(), signal);
      if (!rested) return;
      state.health.probing();
      this.#changed();
      await this.#probe(state);
    }
    if (this.#has(state)) this.#tell(state, 'up');
    this.#changed();
  }

  async #probe(state: EndpointState): Promise<void> {
    const { clock, signal } = this.#options;
    try {
      await state.endpoint.probe(signal);
      state.revived();
    } catch (error) {
      this.#lastFailure = classify(error).message;
      state.health.probeFailed(clock.monotonic());
    }
  }

  #changed(): void {
    const { endpoints, onRoom } = this.#options;
    const up = this.#count('up');
    const reason = endpoints.problem() ?? this.#lastFailure;
    this.#breaker.update({ up, onTrial: this.#count('trial'), reason });
    if (up > 0) onRoom();
  }

  /** False once the server is gone. */
  #has(state: EndpointState): boolean {
    return this.#states.get(state.endpoint) === state;
  }

  #count(state: 'up' | 'trial'): number {
    let count = 0;
    for (const { health } of this.#states.values()) if (health.state === state) count++;
    return count;
  }

  #tell({ endpoint }: EndpointState, state: 'up' | 'down' | 'gone'): void {
    this.#options.emit({ type: 'endpoint changed', endpoint: endpoint.address, state });
  }
}

function rank(state: EndpointState, avoid: string | undefined): number {
  return (state.endpoint.address === avoid ? 2 : 0) + (state.inFlight < state.busy ? 0 : 1);
}
