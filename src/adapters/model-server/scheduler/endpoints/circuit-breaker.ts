import type { PredictFact } from '../../../../facts/predict.ts';
import type { Clock } from '../../../../ports.ts';
import type { EndpointPool } from './endpoint-pool.ts';
import type { EndpointState } from './endpoint-state.ts';
import type { ModelUses } from './model-uses.ts';

interface CircuitBreakerOptions {
  readonly pool: EndpointPool;
  readonly uses: ModelUses;
  readonly clock: Clock;
  readonly emit: (fact: PredictFact) => void;
}

/** Why no prediction works now. */
interface Outage {
  /** `half open`: what failed is being probed. */
  readonly state: 'open' | 'half open';
  /** A sentence. */
  readonly reason: string;
  /** Whether predictions worked not long ago; false while servers start, or none is needed. */
  readonly unexpected: boolean;
}

/** Time after the last prediction in which servers that go away are missed. */
const RECENT_MS = 5 * 60_000;

/**
 * One switch over all servers: open while no prediction works, because no server answers or the models in use fail on
 * all of them. Rows wait meanwhile. Tells each change once.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #state: 'closed' | 'open' | 'half open' = 'closed';
  #reason: string | undefined;
  #since: number;
  #lastFailure: string | undefined;
  /** When each model began to fail on all servers. */
  #failingSince = new Map<string, number>();
  readonly #unknownInputs = new Map<string, string>();

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
    this.#since = options.clock.monotonic();
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Undefined while it is closed. */
  problem(): string | undefined {
    return this.#reason;
  }

  /** Why a model works on no server that answers, whatever others do; undefined if it works on one. */
  modelProblem(model: string): string | undefined {
    const failing = failingEverywhere(this.#options.pool).get(model);
    return failing && worksNowhere(model, failing.reason);
  }

  /** A call was not answered, for the reason that the sentence gives. */
  failed(reason: string): void {
    this.#lastFailure = reason;
  }

  /** Servers answer, but none tells the inputs of this model; undefined once one does. */
  inputsUnknown(model: string, reason: string | undefined): void {
    if (reason === undefined) this.#unknownInputs.delete(model);
    else this.#unknownInputs.set(model, reason);
    if (this.#options.pool.states.length > 0) this.update();
  }

  /** Looks at the servers again. Nothing changes while the first probe of a new server is under way. */
  update(): void {
    if (this.#options.pool.states.some(isUntried)) return;
    const outage = this.#serverOutage() ?? this.#modelOutage();
    const state = outage?.state ?? 'closed';
    const wasClosed = this.isClosed;
    this.#reason = outage?.reason;
    if (state === this.#state) return;
    this.#state = state;
    const now = this.#options.clock.monotonic();
    const ms = now - this.#since;
    if (wasClosed || this.isClosed) this.#since = now;
    const why = outage && { reason: outage.reason, unexpected: outage.unexpected };
    this.#options.emit({ type: 'breaker changed', state, ms, ...why });
  }

  #serverOutage(): Outage | undefined {
    const { pool } = this.#options;
    const states = pool.states.map(({ health }) => health.state);
    if (states.includes('up')) return undefined;
    const why = this.#lastFailure ?? 'none is known.';
    const reason = pool.addressProblem ?? `No model server answers: ${why}`;
    const state = states.includes('trial') ? 'half open' : 'open';
    return { state, reason, unexpected: this.#wasUsed() };
  }

  /** True if predictions worked not long ago: servers that nobody needs may be switched off. */
  #wasUsed(): boolean {
    const { uses, clock } = this.#options;
    return uses.anyWorkedSince(clock.monotonic() - RECENT_MS);
  }

  /** A model that fails on every server that answers, unless others work meanwhile. */
  #modelOutage(): Outage | undefined {
    const { pool, uses, clock } = this.#options;
    const failing = failingEverywhere(pool);
    const before = this.#failingSince;
    const now = clock.monotonic();
    this.#failingSince = new Map(
      [...failing.keys()].map((model) => [model, before.get(model) ?? now]),
    );
    for (const [model, { reason, onTrial }] of failing) {
      if (uses.anyWorkedSince(this.#failingSince.get(model) ?? now)) continue;
      const state = onTrial ? 'half open' : 'open';
      return { state, reason: worksNowhere(model, reason), unexpected: true };
    }
    const [untold] = this.#unknownInputs;
    if (untold === undefined) return undefined;
    const reason = `No model server tells the inputs of ${untold[0]}: ${untold[1]}`;
    return { state: 'open', reason, unexpected: true };
  }
}

function worksNowhere(model: string, reason: string): string {
  return `${model} works on no model server: ${reason}`;
}

/** True while nothing is known of a server. */
function isUntried({ isUp, reason }: EndpointState): boolean {
  return !isUp && reason === undefined;
}

interface Failing {
  readonly reason: string;
  readonly onTrial: boolean;
}

function failingEverywhere(pool: EndpointPool): Map<string, Failing> {
  const [first, ...others] = pool.states.filter(({ isUp }) => isUp);
  const everywhere = new Map<string, Failing>();
  for (const [model, { reason, health }] of first?.failing() ?? []) {
    if (others.some((other) => other.serves(model))) continue;
    const states = others.map((other) => other.failing().find(([name]) => name === model)?.[1]);
    const onTrial = [health, ...states.map((state) => state?.health)].some(
      (known) => known?.state === 'trial',
    );
    everywhere.set(model, { reason, onTrial });
  }
  return everywhere;
}
