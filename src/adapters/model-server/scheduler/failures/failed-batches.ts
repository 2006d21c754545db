import { KnownError, classify } from '../../../../errors.ts';
import type { ModelName } from '../../../../ports.ts';
import type { PredictFact } from '../../../../facts/predict.ts';
import { backoffMs } from './backoff.ts';
import { type Batch, type Items, isSome, unsettled } from '../requests/batch.ts';
import { planForFailure, statedLimit } from './failure-plan.ts';
import type { EndpointState } from '../endpoints/endpoint-state.ts';
import type { EndpointPool } from '../endpoints/endpoint-pool.ts';
import type { PendingRequest, WorkItem } from '../requests/pending-request.ts';
import type { RetryQueue } from './retry-queue.ts';
import type { RowCaps } from '../endpoints/row-caps.ts';
import type { SchedulerSettings } from '../settings.ts';
import type { WorkQueue } from '../requests/work-queue.ts';

interface FailedBatchesOptions {
  readonly queue: WorkQueue;
  readonly retries: RetryQueue;
  readonly caps: RowCaps;
  readonly pool: EndpointPool;
  readonly settings: SchedulerSettings;
  readonly random: () => number;
  readonly emit: (fact: PredictFact) => void;
  /** Asks a server, not a cache, for a model; rejects with `unknown_model` if there is none. */
  readonly lookUp: (model: ModelName) => Promise<unknown>;
}

interface Failure {
  readonly error: KnownError;
  readonly state: EndpointState;
}

/** Decides what becomes of the rows of calls that failed, so that only those at fault fail. */
export class FailedBatches {
  readonly #options: FailedBatchesOptions;
  /** Requests whose model was looked up after a server did not know it. */
  readonly #lookedUp = new WeakSet<PendingRequest>();

  constructor(options: FailedBatchesOptions) {
    this.#options = options;
  }

  async handle(failed: Batch, failure: Failure): Promise<void> {
    const items = unsettled(failed.items);
    if (!isSome(items)) return;
    // A request that was refused since, or given up, may have been at fault: the others are retried.
    const cleared = failure.error.code === 'model_rejected' && items.length < failed.items.length;
    if (cleared) return this.#putBack(items, failure);
    const plan = planForFailure(failure.error, failed);
    switch (plan.type) {
      case 'retry':
        return this.#retry(items, failure, plan);
      case 'look up':
        return this.#lookUp(items, failure);
      case 'smaller':
        this.#learn(failed, failure.error);
        return this.#putBack(items, failure);
      case 'bisect':
        return this.#bisect(items, failure);
      case 'fail':
        return this.#fail(items, failure.error);
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
    for (const item of items) {
      item.attempts++;
      item.failures += counts ? 1 : 0;
      item.avoid = state.endpoint.address;
    }
    const spent = items.filter(
      ({ failures }) => settings.retries > 0 && failures > settings.retries,
    );
    this.#fail(spent, withAttempts(error, settings.retries + 1));
    const rest = unsettled(items);
    if (!isSome(rest)) return;
    this.#note(rest, failure);
    const round = Math.max(...rest.map(({ attempts }) => attempts)) - 1 - pool.othersUp(state);
    const delayMs = round < 0 ? 0 : backoffMs(round, { longestMs: settings.backoffMs, random });
    await retries.hold(rest, delayMs);
  }

  /** Asks once for each request whether its model is still there. */
  async #lookUp(items: Items, failure: Failure): Promise<void> {
    this.#fail(
      items.filter(({ request }) => this.#lookedUp.has(request)),
      failure.error,
    );
    const rest = unsettled(items);
    if (!isSome(rest)) return;
    for (const { request } of rest) this.#lookedUp.add(request);
    try {
      await this.#options.lookUp(rest[0].request.asked.model);
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
      if (isSome(side)) this.#options.queue.addBisected(side);
    }
  }

  #putBack(items: Items, failure: Failure): void {
    this.#note(items, failure);
    this.#options.queue.putBack(items);
  }

  #learn({ modelId, rows }: Batch, error: KnownError): void {
    const { caps } = this.#options;
    if (error.code === 'model_rejected') caps.refused(modelId, rows, statedLimit(error));
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

function withAttempts({ code, message, details }: KnownError, attempts: number): KnownError {
  return new KnownError(code, `${message} (tried ${attempts} times)`, { details });
}
