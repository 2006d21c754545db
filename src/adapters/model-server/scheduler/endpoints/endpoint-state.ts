import type { Endpoint } from '../../endpoint.ts';
import type { SchedulerSettings } from '../settings.ts';
import { BaselineProbe } from './baseline-probe.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import { Health } from './health.ts';
import { ModelState } from './model-state.ts';

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

/** Models that are remembered for a server: names may come from users, who may make up any number of them. */
const MOST_MODELS = 256;

/**
 * One server, probed before it is used: its calls in flight, how many may be, how it answers, and what is
 * known of its models.
 */
export class EndpointState {
  readonly endpoint: Endpoint;
  readonly health: Health;
  /** Why it did not answer last: a sentence. */
  reason: string | undefined;
  readonly #settings: EndpointStateSettings;
  #limit: ConcurrencyLimit;
  #probe: BaselineProbe;
  readonly #models = new Map<string, ModelState>();
  readonly #inFlightCalls = new Set<InFlightCall>();
  #bytes = 0;

  constructor(endpoint: Endpoint, settings: EndpointStateSettings) {
    this.endpoint = endpoint;
    this.#settings = settings;
    this.health = new Health({ ...pausesOf(settings), isNew: true });
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

  get isUp(): boolean {
    return this.health.state === 'up';
  }

  hasRoom(now: number): boolean {
    return this.isUp && this.inFlight < this.#probe.allowed(now, this.calls);
  }

  /** False while a model fails on this server. */
  serves(model: string): boolean {
    const known = this.#models.get(model);
    return known === undefined || known.health.state === 'up';
  }

  lacks(model: string, now: number): boolean {
    return this.#models.get(model)?.lacks(now) === true;
  }

  /** What is known of a model here. */
  model(name: string, now: number): ModelState {
    const known = this.#models.get(name) ?? new ModelState(pausesOf(this.#settings));
    if (!this.#models.has(name)) this.#makeRoom(now);
    this.#models.set(name, known);
    return known;
  }

  /** False if the state of a model has been forgotten since, because the server was away. */
  remembers(name: string, state: ModelState): boolean {
    return this.#models.get(name) === state;
  }

  /** The models that fail here. */
  failing(): [string, ModelState][] {
    return [...this.#models].filter(([, { health }]) => health.state !== 'up');
  }

  /** Milliseconds that a request takes when nothing waits; undefined if nothing is known. */
  expected(model: string, bytes: number): number | undefined {
    return this.#models.get(model)?.latency.expected(bytes);
  }

  /** The part of that time which does not depend on the size of the request. */
  fixedMs(model: string): number | undefined {
    return this.#models.get(model)?.latency.fixedMs;
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
    const { latency } = this.model(model, now);
    const known = latency.knows(bytes) ? latency.expected(bytes) : undefined;
    latency.observe({ bytes, ms, inFlight });
    const slowdown = ms / (known ?? latency.expected(bytes) ?? ms);
    this.#limit.replied({ inFlight, slowdown });
    const verdict = this.#probe.replied({ now, ms, uncontended, limit: this.calls, slowdown });
    if (verdict === 'renew') this.#ageBaselines(now);
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
    this.reason = undefined;
    this.#limit = new ConcurrencyLimit({ ceiling: this.#settings.callsPerEndpoint });
    this.#probe = new BaselineProbe({ intervalMs: this.#settings.baselineMs });
    this.#models.clear();
  }

  #ageBaselines(now: number): void {
    for (const [name, state] of this.#models) {
      state.latency.rotate();
      if (state.isForgettable(now)) this.#models.delete(name);
    }
  }

  /** Forgets the oldest model that works, if there are too many. */
  #makeRoom(now: number): void {
    if (this.#models.size < MOST_MODELS) return;
    const entries = [...this.#models];
    const [oldest] = entries.find(([, state]) => state.isForgettable(now)) ?? entries[0] ?? [];
    if (oldest !== undefined) this.#models.delete(oldest);
  }
}

function pausesOf({ probeMs }: EndpointStateSettings) {
  return { firstPauseMs: probeMs / 10, longestPauseMs: probeMs };
}
