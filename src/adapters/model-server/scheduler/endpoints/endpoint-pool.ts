import { classify } from '../../../../errors.ts';
import type { Clock } from '../../../../ports.ts';
import type { Endpoint, EndpointSet } from '../../endpoint.ts';
import type { PredictFact } from '../../../../facts/predict.ts';
import { Breaker } from './circuit-breaker.ts';
import { Lane, type LaneSettings } from './endpoint-state.ts';
import { pause } from '../pause.ts';

interface LanesOptions {
  readonly endpoints: EndpointSet;
  readonly clock: Clock;
  readonly emit: (fact: PredictFact) => void;
  readonly signal: AbortSignal;
  readonly settings: LaneSettings;
  /** Called when there may be room that was not there before. */
  readonly onRoom: () => void;
}

/** The servers that there are now: follows their coming and going, probes those that failed, and picks one. */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #breaker: Breaker;
  readonly #lanes = new Map<Endpoint, Lane>();
  #lastFailure: string | undefined;

  constructor(options: LanesOptions) {
    this.#options = options;
    this.#breaker = new Breaker(options.emit);
  }

  /** Begins to follow the servers. */
  open(): void {
    const { endpoints } = this.#options;
    endpoints.onChange(() => this.#follow());
    if (endpoints.endpoints.length > 0) this.#follow();
  }

  /** Servers that answer besides this one. */
  othersUp(lane: Lane): number {
    return this.#count('up') - (this.#has(lane) && lane.health.state === 'up' ? 1 : 0);
  }

  /** Undefined while a server answers, or none was tried; otherwise why not. */
  problem(): string | undefined {
    const noAddress = this.#lanes.size === 0 ? this.#options.endpoints.problem() : undefined;
    return this.#breaker.problem() ?? noAddress;
  }

  /** The server with room that works least: idle before busy, then fewest bytes under way; `avoid` is the last choice. */
  pick(now: number, avoid: string | undefined): Lane | undefined {
    let best: Lane | undefined;
    for (const lane of this.#lanes.values()) {
      if (!lane.hasRoom(now)) continue;
      if (best === undefined || rank(lane, avoid) < rank(best, avoid)) best = lane;
      else if (rank(lane, avoid) === rank(best, avoid) && lane.bytes < best.bytes) best = lane;
    }
    return best;
  }

  /** Any server that answers, room or not; `avoid` only if there is no other. */
  any(avoid: Lane | undefined): Lane | undefined {
    const up = [...this.#lanes.values()].filter(({ health }) => health.state === 'up');
    return up.find((lane) => lane !== avoid) ?? up[0];
  }

  /** A call to this server found nobody, or no answer in time. */
  failed(lane: Lane, reason: string): void {
    this.#lastFailure = reason;
    const before = lane.health.state;
    lane.health.failed(this.#options.clock.monotonic());
    if (before === 'up' && lane.health.state === 'down' && this.#has(lane)) void this.#revive(lane);
  }

  #follow(): void {
    const present = new Set(this.#options.endpoints.endpoints);
    for (const [endpoint, lane] of this.#lanes) {
      if (present.has(endpoint)) continue;
      this.#lanes.delete(endpoint);
      this.#tell(lane, 'gone');
    }
    for (const endpoint of present) {
      if (this.#lanes.has(endpoint)) continue;
      const lane = new Lane(endpoint, this.#options.settings);
      this.#lanes.set(endpoint, lane);
      this.#tell(lane, 'up');
    }
    this.#changed();
  }

  /** Probes a server that is down until it answers or is gone. */
  async #revive(lane: Lane): Promise<void> {
    const { clock, signal } = this.#options;
    this.#tell(lane, 'down');
    while (lane.health.state === 'down' && this.#has(lane)) {
      this.#changed();
      const rested = await pause(clock, lane.health.probeAt - clock.monotonic(), signal);
      if (!rested) return;
      lane.health.probing();
      this.#changed();
      await this.#probe(lane);
    }
    if (this.#has(lane)) this.#tell(lane, 'up');
    this.#changed();
  }

  async #probe(lane: Lane): Promise<void> {
    const { clock, signal } = this.#options;
    try {
      await lane.endpoint.probe(signal);
      lane.revived();
    } catch (error) {
      this.#lastFailure = classify(error).message;
      lane.health.probeFailed(clock.monotonic());
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
  #has(lane: Lane): boolean {
    return this.#lanes.get(lane.endpoint) === lane;
  }

  #count(state: 'up' | 'trial'): number {
    let count = 0;
    for (const lane of this.#lanes.values()) if (lane.health.state === state) count++;
    return count;
  }

  #tell(lane: Lane, state: 'up' | 'down' | 'gone'): void {
    this.#options.emit({ type: 'endpoint changed', endpoint: lane.endpoint.address, state });
  }
}

function rank(lane: Lane, avoid: string | undefined): number {
  return (lane.endpoint.address === avoid ? 2 : 0) + (lane.inFlight < lane.busy ? 0 : 1);
}
