import type { Endpoint } from '../../endpoint.ts';
import { BaselineProbe } from './baseline-probe.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import { EndpointHealth } from './endpoint-health.ts';
import { LatencyModel } from './latency-model.ts';
import type { SchedulerSettings } from '../settings.ts';

export type EndpointStateSettings = Pick<
  SchedulerSettings,
  'callsPerEndpoint' | 'probeMs' | 'baselineMs'
>;

/** A call in flight, as the state of its server remembers it. */
export interface InFlightCall {
  readonly model: string;
  readonly bytes: number;
  readonly sentAt: number;
  /** Calls in flight when it was sent, itself included. */
  readonly inFlight: number;
  /** Whether that is so few that nothing waits at the server. */
  readonly uncontended: boolean;
}

/** One server: its calls in flight, how many may be, and how it answers. */
export class EndpointState {
  readonly endpoint: Endpoint;
  readonly health: EndpointHealth;
  readonly #settings: EndpointStateSettings;
  #limit: ConcurrencyLimit;
  #probe: BaselineProbe;
  readonly #latencies = new Map<string, LatencyModel>();
  readonly #inFlightCalls = new Set<InFlightCall>();
  #bytes = 0;

  constructor(endpoint: Endpoint, settings: EndpointStateSettings) {
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
    return this.#inFlightCalls.size;
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

  send(sent: {
    readonly model: string;
    readonly bytes: number;
    readonly now: number;
  }): InFlightCall {
    const { model, bytes, now } = sent;
    const inFlight = this.inFlight + 1;
    const uncontended = inFlight <= Math.max(1, this.calls / 2);
    const call = { model, bytes, sentAt: now, inFlight, uncontended };
    this.#inFlightCalls.add(call);
    this.#bytes += bytes;
    return call;
  }

  /** The call has ended, one way or another. */
  ended(call: InFlightCall): void {
    if (this.#inFlightCalls.delete(call)) this.#bytes -= call.bytes;
  }

  /** The call brought a result. Returns its duration as a multiple of what it takes when nothing waits. */
  answered({ model, bytes, sentAt, inFlight, uncontended }: InFlightCall, now: number): number {
    const ms = now - sentAt;
    const latency = this.#latencies.get(model) ?? new LatencyModel();
    this.#latencies.set(model, latency);
    const known = latency.knows(bytes) ? latency.expected(bytes) : undefined;
    latency.observe({ bytes, ms, inFlight });
    const slowdown = ms / (known ?? latency.expected(bytes) ?? ms);
    this.health.answered();
    this.#limit.replied({ inFlight, slowdown });
    const verdict = this.#probe.replied({ now, ms, uncontended, limit: this.calls, slowdown });
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
