import type { Endpoint } from '../../endpoint.ts';
import { BaselineProbe } from './baseline-probe.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import { EndpointHealth } from './endpoint-health.ts';
import { LatencyModel } from './latency-model.ts';
import type { SchedulerSettings } from '../settings.ts';

export type LaneSettings = Pick<SchedulerSettings, 'callsPerEndpoint' | 'probeMs' | 'baselineMs'>;

/** A call on its way, as its lane remembers it. */
export interface Passage {
  readonly model: string;
  readonly bytes: number;
  readonly sentAt: number;
  /** Calls in flight when it was sent, itself included. */
  readonly inFlight: number;
  /** Whether that is so few that nothing waits at the server. */
  readonly calm: boolean;
}

/** One server: what is under way to it, how much may be, and how it answers. */
export class Lane {
  readonly endpoint: Endpoint;
  readonly health: EndpointHealth;
  readonly #settings: LaneSettings;
  #limit: ConcurrencyLimit;
  #probe: BaselineProbe;
  readonly #latencies = new Map<string, LatencyModel>();
  readonly #passages = new Set<Passage>();
  #bytes = 0;

  constructor(endpoint: Endpoint, settings: LaneSettings) {
    this.endpoint = endpoint;
    this.#settings = settings;
    this.health = new EndpointHealth({
      firstPauseMs: settings.probeMs / 10,
      longestPauseMs: settings.probeMs,
    });
    this.#limit = new ConcurrencyLimit({ ceiling: settings.callsPerEndpoint });
    this.#probe = new BaselineProbe({ intervalMs: settings.baselineMs });
  }

  get inFlight(): number {
    return this.#passages.size;
  }

  /** Bytes of the requests in flight. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Calls that the server works on at a time, as far as is known. */
  get busy(): number {
    return this.#limit.busy;
  }

  /** Calls that may be in flight. */
  get calls(): number {
    return this.#limit.calls;
  }

  hasRoom(now: number): boolean {
    return this.health.state === 'up' && this.inFlight < this.#probe.allowed(now, this.calls);
  }

  /** Milliseconds that a request takes when nothing waits; undefined if nothing is known. */
  expected(model: string, bytes: number): number | undefined {
    return this.#latencies.get(model)?.expected(bytes);
  }

  /** The part of that time which does not depend on the size of the request. */
  fixedMs(model: string): number | undefined {
    return this.#latencies.get(model)?.fixedMs;
  }

  send(call: { readonly model: string; readonly bytes: number; readonly now: number }): Passage {
    const { model, bytes, now } = call;
    const inFlight = this.inFlight + 1;
    const calm = inFlight <= Math.max(1, this.calls / 2);
    const passage = { model, bytes, sentAt: now, inFlight, calm };
    this.#passages.add(passage);
    this.#bytes += bytes;
    return passage;
  }

  /** The call has ended, one way or another. */
  left(passage: Passage): void {
    if (this.#passages.delete(passage)) this.#bytes -= passage.bytes;
  }

  /** The call brought a result. Returns its duration as a multiple of what it takes when nothing waits. */
  answered({ model, bytes, sentAt, inFlight, calm }: Passage, now: number): number {
    const ms = now - sentAt;
    const latency = this.#latencies.get(model) ?? new LatencyModel();
    this.#latencies.set(model, latency);
    const known = latency.knows(bytes) ? latency.expected(bytes) : undefined;
    latency.observe({ bytes, ms, inFlight });
    const slowdown = ms / (known ?? latency.expected(bytes) ?? ms);
    this.health.answered();
    this.#limit.replied({ inFlight, slowdown });
    const verdict = this.#probe.replied({ now, ms, calm, limit: this.calls, slowdown });
    if (verdict === 'renew') this.#ageBaselines();
    if (verdict === 'wrong') {
      latency.clear();
      latency.observe({ bytes, ms, inFlight });
    }
    return slowdown;
  }

  /** The server had too much to do. */
  overloaded(): void {
    this.#limit.dropped();
  }

  /** Starts anew after the server was away: it may be another one. */
  revived(): void {
    this.health.probeAnswered();
    this.#limit = new ConcurrencyLimit({ ceiling: this.#settings.callsPerEndpoint });
    this.#probe = new BaselineProbe({ intervalMs: this.#settings.baselineMs });
    this.#latencies.clear();
  }

  #ageBaselines(): void {
    for (const [model, latency] of this.#latencies) {
      latency.rotate();
      if (latency.empty) this.#latencies.delete(model);
    }
  }
}
