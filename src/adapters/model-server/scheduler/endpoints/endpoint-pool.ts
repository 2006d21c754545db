import type { Clock } from '../../../../ports.ts';
import type { Endpoint, EndpointSet } from '../../endpoint.ts';
import { EndpointState, type EndpointStateSettings } from './endpoint-state.ts';

interface EndpointPoolOptions {
  readonly endpoints: EndpointSet;
  readonly clock: Clock;
  readonly settings: EndpointStateSettings;
}

/** What a server is wanted for. */
interface Wanted {
  /** `NuclearSegmentation:6` */
  readonly model: string;
  /** Address that is the last choice. */
  readonly avoid: string | undefined;
}

/** Servers that came and went. */
export interface PoolChange {
  readonly came: readonly EndpointState[];
  readonly gone: readonly EndpointState[];
}

/** The servers that there are now, and the choice among them. */
export class EndpointPool {
  readonly #options: EndpointPoolOptions;
  readonly #states = new Map<Endpoint, EndpointState>();

  constructor(options: EndpointPoolOptions) {
    this.#options = options;
  }

  get states(): readonly EndpointState[] {
    return [...this.#states.values()];
  }

  /** Why no address is known; undefined if one is. */
  get addressProblem(): string | undefined {
    return this.#options.endpoints.problem();
  }

  /** Begins to follow the servers. */
  open(onChange: (change: PoolChange) => void): void {
    const { endpoints } = this.#options;
    endpoints.onChange(() => onChange(this.#follow()));
    if (endpoints.endpoints.length > 0) onChange(this.#follow());
  }

  /** False once the server is gone. */
  has(state: EndpointState): boolean {
    return this.#states.get(state.endpoint) === state;
  }

  /** Servers besides this one that may work on a model. */
  othersFor(model: string, state: EndpointState): number {
    const now = this.#options.clock.monotonic();
    const others = this.states.filter((other) => other !== state && other.isUp);
    return others.filter((other) => other.serves(model) && !other.lacks(model, now)).length;
  }

  /** True if any server has room for a call. */
  hasRoom(now: number): boolean {
    for (const state of this.#states.values()) if (state.hasRoom(now)) return true;
    return false;
  }

  /**
   * The server with room that works least: idle before busy, then fewest bytes in flight; the address to avoid comes
   * last. Servers that lack the model are used only if there is no other.
   */
  pick(now: number, wanted: Wanted): EndpointState | undefined {
    let best: EndpointState | undefined;
    let bestRank = Infinity;
    const { model } = wanted;
    const someHaveIt = this.#someHave(model, now);
    for (const state of this.#states.values()) {
      if (!state.hasRoom(now) || !state.serves(model)) continue;
      if (someHaveIt && state.lacks(model, now)) continue;
      const rank = rankOf(state, wanted);
      if (
        best !== undefined &&
        (rank > bestRank || (rank === bestRank && state.bytes >= best.bytes))
      )
        continue;
      best = state;
      bestRank = rank;
    }
    return best;
  }

  /** A server that answers, for a small call about a model: not one of `asked`, and one that lacks the model last. */
  next(asked: ReadonlySet<EndpointState>, model: string): EndpointState | undefined {
    const now = this.#options.clock.monotonic();
    const left = this.states.filter((state) => state.isUp && !asked.has(state));
    return left.find((state) => !state.lacks(model, now)) ?? left[0];
  }

  /** True unless all servers that may work on a model have said that they lack it. */
  #someHave(model: string, now: number): boolean {
    for (const state of this.#states.values())
      if (state.isUp && state.serves(model) && !state.lacks(model, now)) return true;
    return false;
  }

  #follow(): PoolChange {
    const { endpoints, settings } = this.#options;
    const present = new Set(endpoints.endpoints);
    const gone = this.states.filter(({ endpoint }) => !present.has(endpoint));
    for (const { endpoint } of gone) this.#states.delete(endpoint);
    const came = [...present].filter((endpoint) => !this.#states.has(endpoint));
    const states = came.map((endpoint) => new EndpointState(endpoint, settings));
    for (const state of states) this.#states.set(state.endpoint, state);
    return { came: states, gone };
  }
}

function rankOf(state: EndpointState, { avoid }: Wanted): number {
  return (state.endpoint.address === avoid ? 2 : 0) + (state.inFlight < state.busy ? 0 : 1);
}
