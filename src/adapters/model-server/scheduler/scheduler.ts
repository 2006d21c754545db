/*
 * One prediction, when nothing goes wrong. Rooms: requests/ (rows that wait), endpoints/ (servers), failures/
 * (retries).
 *
 *   stage     Scheduler    WorkQueue    Dispatcher    EndpointPool    InFlightCalls    Endpoint
 *     │ predict   │            │            │               │               │              │
 *     ├──────────▶│ add rows   │            │               │               │              │
 *     │           ├───────────▶│            │               │               │              │
 *     │           │ dispatchSoon            │               │               │              │
 *     │           ├────────────┼───────────▶│ pick a server │               │              │
 *     │           │            │            ├──────────────▶│               │              │
 *     │           │            │    take    │               │               │              │
 *     │           │            │◀───────────┤ a batch       │               │              │
 *     │           │            │            ├───────────────┼──────────────▶│ send         │
 *     │           │            │            │               │               ├─────────────▶│ gRPC
 *     │           │            │            │               │               │◀─────────────┤
 *     │  PendingRequest: rows copied into outputs; settled with the last    │              │
 *     │◀──────────┼────────────┼────────────┼───────────────┼───────────────┤              │
 *
 * A call that fails goes from InFlightCalls to FailedBatches, which retries its rows (RetryQueue), halves the batch, or
 * fails the request at fault.
 */
import { setMaxListeners } from 'node:events';
import { abortable, onAbort } from '../../../abort.ts';
import { KnownError, classify } from '../../../errors.ts';
import type {
  Clock,
  ModelName,
  ModelSignature,
  PredictRequest,
  Prediction,
} from '../../../ports.ts';
import type { EndpointSet } from '../endpoint.ts';
import type { PredictFact } from '../../../facts/predict.ts';
import { callAnyEndpoint } from './endpoints/call-any-endpoint.ts';
import { unsettled } from './requests/batch.ts';
import { Dispatcher } from './dispatcher.ts';
import { Blame } from './failures/blame.ts';
import { FailedBatches } from './failures/failed-batches.ts';
import { InFlightCalls } from './in-flight-calls.ts';
import { EndpointPool } from './endpoints/endpoint-pool.ts';
import { HealthWatch } from './endpoints/health-watch.ts';
import { ModelUses } from './endpoints/model-uses.ts';
import { OutputMemory } from './requests/output-memory.ts';
import { PendingRequest, type RequestForm, splitRows } from './requests/pending-request.ts';
import { RetryBudget, RetryQueue } from './failures/retry-queue.ts';
import { RowCaps } from './endpoints/row-caps.ts';
import { modelId } from '../model-id.ts';
import type { SchedulerSettings } from './settings.ts';
import { WorkQueue } from './requests/work-queue.ts';

interface SchedulerOptions {
  readonly endpoints: EndpointSet;
  readonly clock: Clock;
  /** A number in [0, 1); Math.random outside tests. */
  readonly random: () => number;
  readonly emit: (fact: PredictFact) => void;
  readonly settings: SchedulerSettings;
}

/**
 * Brings the rows of all requests to the model servers: collects rows with one batch key into batches, sends each
 * server as many batches as it can work on, and retries what failed through no fault of the rows.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #queue = new WorkQueue();
  readonly #memory: OutputMemory;
  readonly #uses = new ModelUses();
  readonly #pool: EndpointPool;
  readonly #watch: HealthWatch;
  readonly #inFlight: InFlightCalls;
  readonly #dispatcher: Dispatcher;
  readonly #open = new Set<PendingRequest>();
  readonly #closing = new AbortController();

  constructor(options: SchedulerOptions) {
    const { clock, random, emit, settings } = options;
    const { signal } = this.#closing;
    setMaxListeners(0, signal); // one for each pause and each call
    const queue = this.#queue;
    const uses = this.#uses;
    const caps = new RowCaps(emit);
    const budget = new RetryBudget({ share: 0.1, burst: 10, trickleMs: settings.backoffMs });
    const dispatchSoon = (): void => this.#dispatcher.dispatchSoon();
    const pool = new EndpointPool(options);
    const watch = new HealthWatch({ ...options, pool, uses, signal, onRoom: dispatchSoon });
    const retries = new RetryQueue({
      clock,
      budget,
      signal,
      release: (items) => {
        queue.putBack(unsettled(items));
        dispatchSoon();
      },
    });
    const failed = new FailedBatches({
      queue,
      retries,
      caps,
      pool,
      uses,
      clock,
      settings,
      random,
      emit,
      blame: new Blame({ watch, uses, clock }),
      lookUp: async (model) => this.signature(model),
    });
    const inFlight = new InFlightCalls({
      clock,
      watch,
      caps,
      budget,
      failed,
      settings,
      emit,
      onEnd: dispatchSoon,
    });
    this.#options = options;
    this.#memory = new OutputMemory(settings);
    this.#pool = pool;
    this.#watch = watch;
    this.#inFlight = inFlight;
    this.#dispatcher = new Dispatcher({ queue, caps, pool, clock, settings, inFlight });
    pool.open((change) => watch.follow(change));
  }

  /** Runs a model on rows. */
  async submit(request: PredictRequest, form: RequestForm): Promise<Prediction> {
    if (this.#closing.signal.aborted) throw stopping();
    if (request.signal.aborted) throw classify(request.signal.reason);
    const pending = new PendingRequest(request, form, this.#memory);
    const stopListening = onAbort(request.signal, (reason) => this.#cancel(pending, reason));
    this.#open.add(pending);
    this.#uses.learn(pending);
    this.#queue.add(splitRows(pending, this.#options.clock.monotonic()));
    this.#dispatcher.dispatchSoon();
    try {
      return await pending.result;
    } finally {
      this.#open.delete(pending);
      stopListening();
    }
  }

  /** Lets go of memory that is kept for outputs to come. */
  releaseMemory(): void {
    this.#memory.release();
  }

  /** Asks a server for the inputs and outputs of a model; waits while none answers. */
  async signature(model: ModelName): Promise<ModelSignature> {
    const { clock, random, settings } = this.#options;
    const { signal } = this.#closing;
    return callAnyEndpoint({
      call: (endpoint) => endpoint.signature(model, signal),
      model: modelId(model),
      pool: this.#pool,
      watch: this.#watch,
      clock,
      random,
      longestMs: settings.backoffMs,
      signal,
    });
  }

  /** Resolves to true once a server answers, to false once it is known that none does. */
  async reached(signal: AbortSignal): Promise<boolean> {
    return abortable(signal, this.#watch.reached());
  }

  /** Whether rows wait because every server that answers has as many calls in flight as it takes. */
  get isFull(): boolean {
    const pool = this.#pool;
    const mayServe = pool.states.some(({ isUp }) => isUp);
    return mayServe && this.#queue.rows > 0 && !pool.hasRoom(this.#options.clock.monotonic());
  }

  /** Undefined while predictions work, or none was tried; otherwise why not, in a sentence. With a model: of that. */
  problem(model?: ModelName): string | undefined {
    return this.#watch.problem(model && modelId(model));
  }

  /** Gives up all requests with `shutting_down`. */
  close(): void {
    this.#closing.abort(stopping());
    this.#dispatcher.stop();
    for (const pending of this.#open) this.#cancel(pending, stopping());
  }

  #cancel(pending: PendingRequest, reason: KnownError): void {
    pending.fail(reason);
    this.#queue.drop(pending);
    this.#inFlight.abandon(reason);
  }
}

function stopping(): KnownError {
  return new KnownError('shutting_down', 'The consumer is stopping.');
}
