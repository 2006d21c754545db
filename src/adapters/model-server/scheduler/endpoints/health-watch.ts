import { type KnownError, classify } from '../../../../errors.ts';
import type { PredictFact } from '../../../../facts/predict.ts';
import type { Clock } from '../../../../ports.ts';
import { type FailureReason, reasonOf } from '../../call-error.ts';
import type { BatchCall } from '../../endpoint.ts';
import type { SchedulerSettings } from '../settings.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { EndpointPool, PoolChange } from './endpoint-pool.ts';
import type { EndpointState } from './endpoint-state.ts';
import { HealthFacts } from './health-facts.ts';
import type { ModelState } from './model-state.ts';
import type { ModelUses } from './model-uses.ts';
import { revive } from './revive.ts';

interface HealthWatchOptions {
  readonly pool: EndpointPool;
  readonly uses: ModelUses;
  readonly clock: Clock;
  readonly emit: (fact: PredictFact) => void;
  readonly signal: AbortSignal;
  readonly settings: Pick<SchedulerSettings, 'deadlineMs'>;
  /** Called when there may be room that was not there before. */
  readonly onRoom: () => void;
}

/** What a prediction of zeros must not end with; a refusal of them proves that the model is at work. */
const SERVER_FAILURES: readonly (FailureReason['type'] | undefined)[] = [
  'no answer',
  'deadline',
  'fault',
  'not served',
  'queue full',
  'out of memory',
];

/**
 * Takes servers that do not answer, and models that fail on a server, out of use, probes them, and brings them back. A
 * server is probed by a question that any server answers, a model by a small prediction: a server whose GPU hangs
 * still answers questions.
 */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  readonly #breaker: CircuitBreaker;
  readonly #facts: HealthFacts;
  readonly #onUpdate = new Set<() => void>();

  constructor(options: HealthWatchOptions) {
    this.#options = options;
    this.#breaker = new CircuitBreaker(options);
    this.#facts = new HealthFacts(options);
  }

  /** Servers came or went. New ones are probed before they are used. */
  follow({ came, gone }: PoolChange): void {
    this.#update();
    for (const state of gone) this.#facts.endpoint(state, 'gone');
    for (const state of came) void this.#reviveEndpoint(state);
  }

  /** A server has answered, be it with a refusal. */
  answered(state: EndpointState): void {
    state.health.answered();
  }

  /** A model has given a result, or refused a request with reason. */
  worked(state: EndpointState, model: string): void {
    const { clock, uses } = this.#options;
    const now = clock.monotonic();
    this.answered(state);
    state.model(model, now).worked(now);
    uses.worked(model, now);
    if (!this.#breaker.isClosed) this.#update();
  }

  /** A server has not answered a call. */
  lost(state: EndpointState, error: KnownError): void {
    const { pool, clock } = this.#options;
    this.#breaker.failed(error.message);
    state.reason = error.message;
    if (state.health.failed(clock.monotonic()) && pool.has(state)) void this.#reviveEndpoint(state);
  }

  /** A model has failed on a server, through no fault of the request. */
  failed(state: EndpointState, model: string, error: KnownError): void {
    const { pool, clock } = this.#options;
    const now = clock.monotonic();
    const known = state.model(model, now);
    known.reason = error.message;
    if (known.health.failed(now) && pool.has(state)) void this.#reviveModel(state, model, known);
  }

  /** A server has said whether it has a model. */
  found(state: EndpointState, model: string, isThere: boolean): void {
    const now = this.#options.clock.monotonic();
    this.answered(state);
    if (isThere) state.model(model, now).found();
    else state.model(model, now).lacked(now);
  }

  /** Servers answer, but none tells the inputs of this model; undefined once one does. */
  inputsUnknown(model: string, reason: string | undefined): void {
    this.#breaker.inputsUnknown(model, reason);
  }

  /** Undefined while predictions work, or none was tried; otherwise why not. Of a model also why it works nowhere. */
  problem(model?: string): string | undefined {
    const { pool } = this.#options;
    const noAddress = pool.states.length === 0 ? pool.addressProblem : undefined;
    const ofModel = model === undefined ? undefined : this.#breaker.modelProblem(model);
    return this.#breaker.problem() ?? noAddress ?? ofModel;
  }

  /** Calls back whenever the state of a server has changed; the result ends that. */
  onUpdate(listener: () => void): () => void {
    this.#onUpdate.add(listener);
    return () => this.#onUpdate.delete(listener);
  }

  /** Resolves to true once a server answers, to false once it is known that none does. */
  async reached(): Promise<boolean> {
    for (;;) {
      if (this.#options.pool.states.some(({ isUp }) => isUp)) return true;
      if (!this.#breaker.isClosed) return false;
      const updated = Promise.withResolvers<void>();
      const stopListening = this.onUpdate(updated.resolve);
      await updated.promise;
      stopListening();
    }
  }

  async #reviveEndpoint(state: EndpointState): Promise<void> {
    const { pool } = this.#options;
    const revived = await revive({
      ...this.#options,
      health: state.health,
      isGone: () => !pool.has(state),
      probe: async () => this.#probeEndpoint(state),
      onChange: () => {
        this.#update();
        if (state.health.state === 'down') this.#facts.endpoint(state, 'down');
      },
    });
    if (!revived) return;
    state.revived();
    this.#facts.endpoint(state, 'up');
    this.#update();
  }

  async #reviveModel(state: EndpointState, model: string, known: ModelState): Promise<void> {
    const { pool } = this.#options;
    const revived = await revive({
      ...this.#options,
      health: known.health,
      isGone: () => !pool.has(state) || !state.remembers(model, known),
      probe: async () => this.#probeModel(state, model, known),
      onChange: () => {
        this.#update();
        this.#facts.model(state, model, known);
      },
    });
    if (!revived) return;
    this.#facts.model(state, model, known);
    this.#update();
  }

  async #probeEndpoint(state: EndpointState): Promise<boolean> {
    const { signal } = this.#options;
    try {
      await state.endpoint.probe(signal);
      return true;
    } catch (thrown) {
      const error = classify(thrown);
      if (signal.aborted) return false;
      this.#facts.probeFailed(state, error);
      // A probe waits for a connection, and learns less of what is wrong than the call that failed before.
      if (reasonOf(error) !== 'no answer') state.reason = error.message;
      state.reason ??= error.message;
      this.#breaker.failed(state.reason);
      return false;
    }
  }

  async #probeModel(state: EndpointState, model: string, known: ModelState): Promise<boolean> {
    const { uses, clock, signal, settings } = this.#options;
    const call = uses.probe(model, { deadlineMs: settings.deadlineMs, signal });
    const error = await this.#trial(state, call);
    if (signal.aborted) return false;
    if (error !== undefined) this.#facts.probeFailed(state, error, model);
    if (error !== undefined && SERVER_FAILURES.includes(reasonOf(error))) {
      known.reason = error.message;
      if (reasonOf(error) === 'no answer') this.lost(state, error);
      return false;
    }
    known.worked(clock.monotonic());
    uses.worked(model, clock.monotonic());
    return true;
  }

  /** Why a prediction failed; undefined if it did not. */
  async #trial(
    { endpoint }: EndpointState,
    call: BatchCall | undefined,
  ): Promise<KnownError | undefined> {
    if (call === undefined) return undefined;
    try {
      const { release } = await endpoint.send(call);
      release?.();
      return undefined;
    } catch (thrown) {
      return classify(thrown);
    }
  }

  #update(): void {
    this.#breaker.update();
    this.#options.onRoom();
    for (const listener of this.#onUpdate) listener();
  }
}
