import { KnownError, classify } from '../../../errors.ts';
import type { Clock } from '../../../ports.ts';
import type { BatchReply } from '../endpoint.ts';
import type { PredictFact } from '../../../facts/predict.ts';
import { batchCall } from './requests/batch-call.ts';
import { type Batch, type Items, batchOf } from './requests/batch.ts';
import type { FailedBatches } from './failures/failed-batches.ts';
import type { Lane, Passage } from './endpoints/endpoint-state.ts';
import type { Lanes } from './endpoints/endpoint-pool.ts';
import type { RetryBudget } from './failures/retry-budget.ts';
import type { RowCaps } from './endpoints/row-caps.ts';
import type { SchedulerSettings } from './settings.ts';
import type { Room } from './requests/work-queue.ts';

interface FlightsOptions {
  readonly clock: Clock;
  readonly lanes: Lanes;
  readonly caps: RowCaps;
  readonly budget: RetryBudget;
  readonly failed: FailedBatches;
  readonly settings: SchedulerSettings;
  readonly emit: (fact: PredictFact) => void;
  /** Called when a call has ended and its rows are dealt with. */
  readonly onEnd: () => void;
}

interface Flight {
  readonly batch: Batch;
  readonly lane: Lane;
  readonly passage: Passage;
  readonly abort: AbortController;
}

/** The calls on their way: sends batches, hands the rows of replies to their requests, and failures on. */
export class Flights {
  readonly #options: FlightsOptions;
  readonly #flights = new Set<Flight>();

  constructor(options: FlightsOptions) {
    this.#options = options;
  }

  /** Calls of a kind that are on their way. */
  count(kind: string): number {
    let count = 0;
    for (const { batch } of this.#flights) if (batch.kind === kind) count++;
    return count;
  }

  /** Breaks off calls that nobody waits for any more. */
  abandon(reason: KnownError): void {
    for (const { batch, abort } of this.#flights) {
      if (batch.items.every(({ request }) => request.settled)) abort.abort(reason);
    }
  }

  /** Sends items to a server that has room; `room` is what the call might have held. */
  send(items: Items, lane: Lane, room: Room): void {
    const { clock, budget, emit } = this.#options;
    const now = clock.monotonic();
    const batch = batchOf(items);
    const { modelId: model, rows, bytes } = batch;
    const deadlineMs = this.#deadlineMs(batch, lane);
    const flight = {
      batch,
      lane,
      passage: lane.send({ model, bytes, now }),
      abort: new AbortController(),
    };
    this.#flights.add(flight);
    if (items.every(({ attempts }) => attempts === 0)) budget.earn();
    const { address: endpoint } = lane.endpoint;
    const waitedMs = now - Math.min(...items.map(({ waitingSince }) => waitingSince));
    emit({
      type: 'batch sent',
      model,
      endpoint,
      rows,
      bytes,
      waitedMs,
      fill: Math.min(1, rows / room.rows),
    });
    void this.#fly(flight, deadlineMs);
  }

  async #fly(flight: Flight, deadlineMs: number): Promise<void> {
    const { batch, lane, passage, abort } = flight;
    const call = batchCall(batch, { deadlineMs, signal: abort.signal });
    const outcome = await lane.endpoint.send(call).catch(classify);
    this.#flights.delete(flight);
    lane.left(passage);
    const { calls } = lane;
    if (!(outcome instanceof KnownError)) this.#answered(flight, outcome);
    else if (!abort.signal.aborted) this.#failed(flight, outcome);
    if (lane.calls !== calls) {
      this.#options.emit({
        type: 'limit changed',
        endpoint: lane.endpoint.address,
        calls: lane.calls,
      });
    }
    this.#options.onEnd();
  }

  #answered(flight: Flight, reply: BatchReply): void {
    const { batch, lane, passage } = flight;
    const { clock, caps, emit } = this.#options;
    const now = clock.monotonic();
    const slowdown = lane.answered(passage, now);
    caps.succeeded(batch.modelId, batch.rows);
    emit({ type: 'batch answered', ...described(flight, now), slowdown });
    deliver(batch, reply);
    reply.release?.();
  }

  #failed(flight: Flight, error: KnownError): void {
    const { batch, lane } = flight;
    const { clock, lanes, failed, emit } = this.#options;
    const { code, message } = error;
    emit({
      type: 'batch failed',
      ...described(flight, clock.monotonic()),
      code,
      message,
    });
    const silent = code === 'model_server_unavailable' || code === 'model_deadline';
    if (silent) lanes.failed(lane, message);
    else lane.health.answered();
    if (code === 'model_deadline' || code === 'model_server_overloaded') lane.overloaded();
    const giveUp = (bug: unknown): void =>
      batch.items.forEach(({ request }) => request.fail(classify(bug)));
    void failed.handle(batch, { error, lane }).catch(giveUp);
  }

  /** The time of one call, after that of the calls which the server has still to answer before it. */
  #deadlineMs({ modelId, bytes }: Batch, lane: Lane): number {
    const ahead = lane.inFlight * (lane.expected(modelId, bytes) ?? 0);
    return Math.ceil(this.#options.settings.deadlineMs + ahead);
  }
}

/** What facts say about a call that has ended. */
function described({ batch, lane, passage }: Flight, now: number) {
  const { modelId: model, rows, bytes } = batch;
  return { model, rows, bytes, endpoint: lane.endpoint.address, ms: now - passage.sentAt };
}

/** Hands each request its rows of a reply. */
function deliver({ items, rows }: Batch, { outputs }: BatchReply): void {
  let from = 0;
  for (const { request, firstRow, rows: count } of items) {
    request.deliver(outputs, { of: rows, from, to: firstRow, rows: count });
    from += count;
  }
}
