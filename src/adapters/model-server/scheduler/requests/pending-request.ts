import { type KnownError, classify } from '../../../../errors.ts';
import type { PredictRequest, Prediction } from '../../../../ports.ts';
import type { BatchReply } from '../../endpoint.ts';
import { batchKind, modelId } from './batch-key.ts';
import { rowsOf } from './count-rows.ts';
import { OutputGatherer, type RowRange } from './output-gatherer.ts';
import type { OutputMemory } from './output-memory.ts';

interface PendingRequestOptions {
  /** Rows at most that one call may carry, by our own settings. */
  readonly rowsAtMost: number;
  readonly memory: OutputMemory;
}

/** A request whose rows wait or travel. Settles once: with all its rows, or with the first error. */
export class PendingRequest {
  readonly asked: PredictRequest;
  /** Rows of requests of one kind may share a batch. */
  readonly kind: string;
  /** `NuclearSegmentation:6`. */
  readonly model: string;
  readonly rows: number;
  /** Rows at most that one call may carry, by our own settings. */
  readonly rowsAtMost: number;
  readonly result: Promise<Prediction>;
  #settled = false;
  #retries = 0;
  readonly #gatherer: OutputGatherer;
  readonly #resolve: (prediction: Prediction) => void;
  readonly #reject: (error: KnownError) => void;

  constructor(asked: PredictRequest, { rowsAtMost, memory }: PendingRequestOptions) {
    this.asked = asked;
    this.kind = batchKind(asked);
    this.model = modelId(asked.model);
    this.rows = rowsOf(asked);
    this.rowsAtMost = rowsAtMost;
    this.#gatherer = new OutputGatherer(this.rows, memory);
    const { promise, resolve, reject } = Promise.withResolvers<Prediction>();
    this.result = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** A call that held rows of this request has to be repeated. */
  repeated(): void {
    this.#retries++;
  }

  /** Takes rows out of a reply. */
  deliver(reply: BatchReply['outputs'], range: RowRange): void {
    if (this.#settled) return;
    try {
      if (!this.asked.splittable) this.#gatherer.copyAll(reply);
      else if (!this.#gatherer.copyRows(reply, range)) return;
      this.#settled = true;
      this.#resolve({
        outputs: this.#gatherer.outputs,
        retries: this.#retries,
        release: () => this.#gatherer.release(),
      });
    } catch (error) {
      this.fail(classify(error));
    }
  }

  fail(error: KnownError): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#gatherer.release();
    this.#reject(error);
  }
}
