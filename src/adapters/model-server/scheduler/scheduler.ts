/*
 * One prediction, when nothing goes wrong. Rooms: requests/ (rows that wait), endpoints/ (servers), failures/ (retries).
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
import { FailedBatches } from './failures/failed-batches.ts';
import { InFlightCalls } from './in-flight-calls.ts';
import { EndpointPool } from './endpoints/endpoint-pool.ts';
import { OutputMemory } from './requests/output-memory.ts';
import { PendingRequest, splitRows } from './requests/pending-request.ts';
import { RetryBudget, RetryQueue } from './failures/retry-queue.ts';
import { RowCaps } from './endpoints/row-caps.ts';
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

/** Bytes of memory kept for outputs. */
const KEPT_BYTES = 128 * 2 ** 20;

/**
 * Brings the rows of all requests to the model servers: collects rows with one batch key into batches, sends each
 * server as many batches as it can work on, and retries what failed through no fault of the rows.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #queue = new WorkQueue();
  readonly #memory = new OutputMemory({ keptBytes: KEPT_BYTES });
  readonly #pool: EndpointPool;
  readonly #inFlight: InFlightCalls;
  readonly #dispatcher: Dispatcher;
  readonly #open = new Set<PendingRequest>();
  readonly #closing = new AbortController();

  constructor(options: SchedulerOptions) {
    const { endpoints, clock, random, emit, settings } = options;
    const lookUp = (model: ModelName): Promise<unknown> => this.signature(model);
    const { signal } = this.#closing;
    setMaxListeners(0, signal); // one for each pause and each call
    const queue = this.#queue;
    const caps = new RowCaps(emit);
    const budget = new RetryBudget({ share: 0.1, burst: 10, trickleMs: settings.backoffMs });
    const dispatchSoon = (): void => this.#dispatcher.dispatchSoon();
    const retries = new RetryQueue({
      clock,
      budget,
      signal,
      release: (items) => {
        queue.putBack(unsettled(items));
        dispatchSoon();
      },
    });
    const pool = new EndpointPool({
      endpoints,
      clock,
      emit,
      signal,
      settings,
      onRoom: dispatchSoon,
    });
    const failed = new FailedBatches({
      queue,
      retries,
      caps,
      pool,
      settings,
      random,
      emit,
      lookUp,
    });
    const inFlight = new InFlightCalls({
      clock,
      pool,
      caps,
      budget,
      failed,
      settings,
      emit,
      onEnd: dispatchSoon,
    });
    this.#options = options;
    this.#pool = pool;
    this.#inFlight = inFlight;
    this.#dispatcher = new Dispatcher({ queue, caps, pool, clock, settings, inFlight });
    pool.open();
  }

  /** Runs a model on rows, at most `rowsAtMost` of them in one call. */
  async submit(request: PredictRequest, rowsAtMost: number): Promise<Prediction> {
    if (this.#closing.signal.aborted) throw stopping();
    if (request.signal.aborted) throw classify(request.signal.reason);
    const pending = new PendingRequest(request, { rowsAtMost, memory: this.#memory });
    const giveUp = (): void => this.#cancel(pending, classify(request.signal.reason));
    request.signal.addEventListener('abort', giveUp, { once: true });
    this.#open.add(pending);
    this.#queue.add(splitRows(pending, this.#options.clock.monotonic()));
    this.#dispatcher.dispatchSoon();
    try {
      return await pending.result;
    } finally {
      this.#open.delete(pending);
      request.signal.removeEventListener('abort', giveUp);
    }
  }

  /** Asks a server for the inputs and outputs of a model; waits while none answers. */
  async signature(model: ModelName): Promise<ModelSignature> {
    const { clock, random, settings } = this.#options;
    const { signal } = this.#closing;
    return callAnyEndpoint({
      call: (endpoint) => endpoint.signature(model, signal),
      pool: this.#pool,
      clock,
      random,
      longestMs: settings.backoffMs,
      signal,
    });
  }

  /** Undefined while at least one server answers, or none was tried; otherwise why not. */
  problem(): string | undefined {
    return this.#pool.problem();
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
