import type { KnownError } from '../../../../errors.ts';
import type { Clock } from '../../../../ports.ts';
import { reasonOf } from '../../call-error.ts';
import type { EndpointState } from '../endpoints/endpoint-state.ts';
import type { HealthWatch } from '../endpoints/health-watch.ts';
import type { ModelUses } from '../endpoints/model-uses.ts';
import type { Batch } from '../requests/batch.ts';
import type { PendingRequest } from '../requests/pending-request.ts';
import { FaultEvidence } from './fault-evidence.ts';

export interface Failure {
  readonly error: KnownError;
  readonly state: EndpointState;
  /** When the call was sent, on the monotonic clock. */
  readonly sentAt: number;
}

interface BlameOptions {
  readonly watch: HealthWatch;
  readonly uses: ModelUses;
  readonly clock: Clock;
}

/** Whom a failed call speaks against. */
export type Verdict =
  /** The server, or nobody. */
  | 'not the request'
  /** Perhaps one of the requests: a server has failed on it before. */
  | 'suspect'
  /** The only request of the call. */
  | 'the request';

/**
 * Decides whether a failed call speaks against its server, the model there, or a request, and tells the
 * health watch.
 */
export class Blame {
  readonly #options: BlameOptions;
  readonly #evidence = new WeakMap<PendingRequest, FaultEvidence>();

  constructor(options: BlameOptions) {
    this.#options = options;
  }

  judge(batch: Batch, failure: Failure): Verdict {
    const { watch } = this.#options;
    const { error, state } = failure;
    const { modelId } = batch;
    switch (reasonOf(error)) {
      case 'no answer':
        watch.lost(state, error);
        return 'not the request';
      case 'fault':
        return this.#judgeFault(batch, failure);
      case 'deadline':
      case 'not served':
        watch.failed(state, modelId, error);
        return 'not the request';
      case 'out of memory':
        watch.answered(state);
        // A single row that does not fit cannot be made smaller: the memory is taken by something else.
        if (batch.items.length === 1) watch.failed(state, modelId, error);
        return 'not the request';
      case 'queue full':
        watch.answered(state);
        return 'not the request';
      case 'unknown model':
        watch.found(state, modelId, false);
        return 'not the request';
      case 'rejected':
      case 'too many rows':
        watch.answered(state);
        return 'the request';
      default:
        // A result came, in a form that cannot be used; anything else is a bug of ours.
        if (error.code === 'model_mismatch') watch.worked(state, modelId);
        return 'the request';
    }
  }

  #judgeFault({ items, modelId }: Batch, { error, state }: Failure): Verdict {
    const { watch, uses, clock } = this.#options;
    const requests = [...new Set(items.map(({ request }) => request))];
    const now = clock.monotonic();
    const fault = {
      address: state.endpoint.address,
      alone: requests.length === 1,
      now,
      workedHereAt: state.model(modelId, now).workedAt,
      workedAt: uses.workedAt(modelId),
    };
    const known = requests.map((request) => this.#evidence.get(request));
    const convicted = requests.filter((request) => this.#evidenceOf(request).convicts(fault));
    if (convicted.length > 0) {
      watch.answered(state);
      return 'the request';
    }
    watch.failed(state, modelId, error);
    return known.some((evidence) => evidence !== undefined) ? 'suspect' : 'not the request';
  }

  #evidenceOf(request: PendingRequest): FaultEvidence {
    const evidence = this.#evidence.get(request) ?? new FaultEvidence();
    this.#evidence.set(request, evidence);
    return evidence;
  }
}
