import { KnownError, classify } from '../../../../errors.ts';
import type { PredictFact } from '../../../../facts/predict.ts';
import type { Clock, ModelName } from '../../../../ports.ts';
import { CallError } from '../../call-error.ts';
import type { EndpointPool } from '../endpoints/endpoint-pool.ts';
import type { ModelUses } from '../endpoints/model-uses.ts';
import type { RowCaps } from '../endpoints/row-caps.ts';
import { type Batch, type Items, isSome, unsettled } from '../requests/batch.ts';
import type { PendingRequest, WorkItem } from '../requests/pending-request.ts';
import type { WorkQueue } from '../requests/work-queue.ts';
import type { SchedulerSettings } from '../settings.ts';
import { backoffMs } from '../backoff.ts';
import type { Blame, Failure } from './blame.ts';
import { planForFailure } from './failure-plan.ts';
import type { RetryQueue } from './retry-queue.ts';

interface FailedBatchesOptions {
  readonly queue: WorkQueue;
  readonly retries: RetryQueue;
  readonly caps: RowCaps;
  readonly pool: EndpointPool;
  readonly uses: ModelUses;
  readonly blame: Blame;
  readonly clock: Clock;
  readonly settings: SchedulerSettings;
  readonly random: () => number;
  readonly emit: (fact: PredictFact) => void;
  /** Asks the servers, not a cache, for a model; rejects with `unknown_model` if none has it. */
  readonly lookUp: (model: ModelName) => Promise<unknown>;
}

/** Decides what becomes of the rows of calls that failed, so that only those at fault fail. */
export class FailedBatches {
  readonly #options: FailedBatchesOptions;
  /** Requests whose model was looked up after no server seemed to have it. */
  readonly #lookedUp = new WeakSet<PendingRequest>();

  constructor(options: FailedBatchesOptions) {
    this.#options = options;
  }

  async handle(failed: Batch, failure: Failure): Promise<void> {
    const verdict = this.#options.blame.judge(failed, failure);
    const items = unsettled(failed.items);
    if (!isSome(items)) return;
    // A request that was refused since, or given up, may have been at fault: the others are retried.
    const cleared = failure.error.code === 'model_rejected' && items.length < failed.items.length;
    if (cleared) return this.#putBack(items, failure);
    const plan = planForFailure(failure.error, failed, verdict);
    switch (plan.type) {
      case 'retry':
        return this.#retry(items, failure, plan);
      case 'elsewhere':
        return this.#elsewhere(items, failure);
      case 'smaller':
        this.#learn(failed, failure.error);
        return this.#putBack(items, failure);
      case 'bisect':
        return this.#bisect(items, failure);
      case 'fail':
        return this.#fail(items, refusalOf(failure.error, failed));
    }
  }

  /** Retries items on another server at once, or on this one after a pause; those out of attempts fail. */
  async #retry(
    items: Items,
    failure: Failure,
    { counts }: { readonly counts: boolean },
  ): Promise<void> {
    const { settings, pool, random, retries } = this.#options;
    const { error, state } = failure;
    for (const item of items) this.#noteAttempt(item, failure, counts);
    const spent = items.filter(
      ({ failures }) => settings.retries > 0 && failures > settings.retries,
    );
    this.#fail(spent, withAttempts(error, settings.retries + 1));
    const rest = unsettled(items);
    if (!isSome(rest)) return;
    this.#note(rest, failure);
    const { model } = rest[0].request;
    const others = pool.othersFor(model, state);
    const round = Math.max(...rest.map(({ attempts }) => attempts)) - 1 - others;
    const delayMs = round < 0 ? 0 : backoffMs(round, { longestMs: settings.backoffMs, random });
    await retries.hold(rest, { delayMs, isFree: !state.isUp || !state.serves(model) });
  }

  /** Counts a failure only if the model has worked meanwhile: otherwise it is not the request that is at fault. */
  #noteAttempt(item: WorkItem, { state, sentAt }: Failure, counts: boolean): void {
    const { settings, uses, clock } = this.#options;
    const worked = uses.workedAt(item.request.model) > (item.failedAt ?? sentAt);
    item.attempts++;
    if (counts) item.failures += worked ? 1 : 0;
    if (counts) item.failedAt = clock.monotonic();
    item.alone ||= settings.retries > 0 && item.failures >= settings.retries;
    item.avoid = state.endpoint.address;
  }

  /** Sends items to a server that may have the model; if there is none, asks all of them once for each request. */
  async #elsewhere(items: Items, failure: Failure): Promise<void> {
    const { pool, lookUp } = this.#options;
    const { model, asked } = items[0].request;
    if (pool.othersFor(model, failure.state) > 0) return this.#putBack(items, failure);
    this.#fail(
      items.filter(({ request }) => this.#lookedUp.has(request)),
      failure.error,
    );
    const rest = unsettled(items);
    if (!isSome(rest)) return;
    for (const { request } of rest) this.#lookedUp.add(request);
    try {
      await lookUp(asked.model);
    } catch (thrown) {
      const error = classify(thrown);
      if (error.kind !== 'unavailable') return this.#fail(rest, error);
    }
    await this.#retry(rest, failure, { counts: true });
  }

  /** Sends each half of the requests by itself, until the one at fault is alone. */
  #bisect(items: Items, failure: Failure): void {
    const requests = [...new Set(items.map(({ request }) => request))];
    const half = new Set(requests.slice(0, Math.ceil(requests.length / 2)));
    this.#note(items, failure);
    for (const side of [
      items.filter(({ request }) => half.has(request)),
      items.filter(({ request }) => !half.has(request)),
    ]) {
      if (isSome(side)) this.#options.queue.addSeparate(side);
    }
  }

  #putBack(items: Items, failure: Failure): void {
    this.#note(items, failure);
    this.#options.queue.putBack(items);
  }

  #learn({ modelId, rows }: Batch, error: KnownError): void {
    const { caps } = this.#options;
    const reason = error instanceof CallError ? error.reason : undefined;
    if (reason?.type === 'too many rows') caps.refused(modelId, rows, reason.maxRows);
    else caps.outOfMemory(modelId, rows);
  }

  #fail(items: readonly WorkItem[], error: KnownError): void {
    for (const request of new Set(items.map((item) => item.request))) {
      request.fail(error);
      this.#options.queue.drop(request);
    }
  }

  #note(items: Items, { error }: Failure): void {
    const requests = new Set(items.map(({ request }) => request));
    for (const request of requests) request.retried();
    const { model } = items[0].request;
    const rows = items.reduce((sum, item) => sum + item.rows, 0);
    this.#options.emit({ type: 'rows repeated', model, rows, code: error.code });
  }
}

/** The error of a request that is at fault. What makes servers fail is a refusal, too. */
function refusalOf(error: KnownError, { modelId }: Batch): KnownError {
  if (!(error instanceof CallError) || error.reason.type !== 'fault') return error;
  const message = `${modelId} fails on this input, and works on others: ${error.message}`;
  return new CallError({ type: 'rejected' }, message, { cause: error, details: error.details });
}

function withAttempts({ code, message, details }: KnownError, attempts: number): KnownError {
  return new KnownError(code, `${message} (tried ${attempts} times)`, { details });
}
