import { KnownError, classify } from '../../../errors.ts';
import type { Clock } from '../../../ports.ts';
import { type FailureReason, reasonOf } from '../call-error.ts';
import type { BatchReply } from '../endpoint.ts';
import type { PredictFact } from '../../../facts/predict.ts';
import { type Batch, type Items, batchCall, batchOf, deliver } from './requests/batch.ts';
import type { FailedBatches } from './failures/failed-batches.ts';
import type { EndpointState, InFlightCall } from './endpoints/endpoint-state.ts';
import type { HealthWatch } from './endpoints/health-watch.ts';
import type { RetryBudget } from './failures/retry-queue.ts';
import type { RowCaps } from './endpoints/row-caps.ts';
import type { SchedulerSettings } from './settings.ts';
import type { Room } from './requests/work-queue.ts';

interface InFlightCallsOptions {
  readonly clock: Clock;
  readonly watch: HealthWatch;
  readonly caps: RowCaps;
  readonly budget: RetryBudget;
  readonly failed: FailedBatches;
  readonly settings: SchedulerSettings;
  readonly emit: (fact: PredictFact) => void;
  /** Called when a call has ended and its rows are dealt with. */
  readonly onEnd: () => void;
}

interface SentBatch {
  readonly batch: Batch;
  readonly state: EndpointState;
  readonly call: InFlightCall;
  readonly abort: AbortController;
}

/** Failures that show that a server has too many calls. */
const OVERLOADED: readonly (FailureReason['type'] | undefined)[] = [
  'deadline',
  'queue full',
  'out of memory',
];

/** The calls in flight: sends batches, delivers the rows of replies to their requests, and hands failures on. */
export class InFlightCalls {
  readonly #options: InFlightCallsOptions;
  readonly #sent = new Set<SentBatch>();

  constructor(options: InFlightCallsOptions) {
    this.#options = options;
  }

  /** Calls in flight with a batch key. */
  count(batchKey: string): number {
    let count = 0;
    for (const { batch } of this.#sent) if (batch.batchKey === batchKey) count++;
    return count;
  }

  /** Cancels calls that nobody waits for any more. */
  abandon(reason: KnownError): void {
    for (const { batch, abort } of this.#sent) {
      if (batch.items.every(({ request }) => request.settled)) abort.abort(reason);
    }
  }

  /** Sends items to a server that has room; `room` is what the call might have held. */
  send(items: Items, state: EndpointState, room: Room): void {
    const { clock, budget, emit } = this.#options;
    const now = clock.monotonic();
    const batch = batchOf(items);
    const { modelId: model, rows, bytes } = batch;
    const deadlineMs = this.#deadlineMs(batch, state);
    const sent = {
      batch,
      state,
      call: state.send({ model, bytes, now }),
      abort: new AbortController(),
    };
    this.#sent.add(sent);
    if (items.every(({ attempts }) => attempts === 0)) budget.earn();
    const { address: endpoint } = state.endpoint;
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
    void this.#await(sent, deadlineMs);
  }

  async #await(sent: SentBatch, deadlineMs: number): Promise<void> {
    const { batch, state, call, abort } = sent;
    const request = batchCall(batch, { deadlineMs, signal: abort.signal });
    const outcome = await state.endpoint.send(request).catch(classify);
    this.#sent.delete(sent);
    state.ended(call);
    const { calls } = state;
    if (!(outcome instanceof KnownError)) this.#answered(sent, outcome);
    else if (!abort.signal.aborted) this.#failed(sent, outcome);
    if (state.calls !== calls) {
      this.#options.emit({
        type: 'limit changed',
        endpoint: state.endpoint.address,
        calls: state.calls,
      });
    }
    this.#options.onEnd();
  }

  #answered(sent: SentBatch, reply: BatchReply): void {
    const { batch, state, call } = sent;
    const { clock, caps, watch, emit } = this.#options;
    const now = clock.monotonic();
    const slowdown = state.answered(call, now);
    watch.worked(state, batch.modelId);
    caps.succeeded(batch.modelId, batch.rows);
    emit({ type: 'batch answered', ...described(sent, now), slowdown });
    deliver(batch, reply);
    reply.release?.();
  }

  #failed(sent: SentBatch, error: KnownError): void {
    const { batch, state, call } = sent;
    const { clock, failed, emit } = this.#options;
    const { code, message, details } = error;
    emit({
      type: 'batch failed',
      ...described(sent, clock.monotonic()),
      code,
      message,
      details,
    });
    if (OVERLOADED.includes(reasonOf(error))) state.overloaded();
    const giveUp = (bug: unknown): void =>
      batch.items.forEach(({ request }) => request.fail(classify(bug)));
    void failed.handle(batch, { error, state, sentAt: call.sentAt }).catch(giveUp);
  }

  /** The time of one call, after that of the calls which the server has still to answer before it. */
  #deadlineMs({ modelId, bytes }: Batch, state: EndpointState): number {
    const ahead = state.inFlight * (state.expected(modelId, bytes) ?? 0);
    return Math.ceil(this.#options.settings.deadlineMs + ahead);
  }
}

/** What facts say about a call that has ended. */
function described({ batch, state, call }: SentBatch, now: number) {
  const { modelId: model, rows, bytes } = batch;
  return { model, rows, bytes, endpoint: state.endpoint.address, ms: now - call.sentAt };
}
