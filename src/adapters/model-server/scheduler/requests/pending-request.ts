import { type KnownError, classify } from '../../../../errors.ts';
import type { PredictRequest, Prediction, TensorType } from '../../../../ports.ts';
import type { BatchReply } from '../../endpoint.ts';
import { modelId } from '../../model-id.ts';
import { OutputGatherer, type RowRange } from './output-gatherer.ts';
import type { OutputMemory } from './output-memory.ts';

/** How the rows of a request travel. */
export interface RequestForm {
  /** Maximum rows of one call, by our own settings. */
  readonly rowsAtMost: number;
  /** What the inputs are sent as, by name: float32 if absent. */
  readonly types: ReadonlyMap<string, TensorType>;
}

/** A request whose rows wait or are in flight. Settles once: with all its rows, or with the first error. */
export class PendingRequest {
  readonly asked: PredictRequest;
  /** Rows of requests with the same key may share a batch. */
  readonly batchKey: string;
  /** `NuclearSegmentation:6`. */
  readonly model: string;
  readonly rows: number;
  readonly form: RequestForm;
  readonly result: Promise<Prediction>;
  #settled = false;
  #retries = 0;
  readonly #gatherer: OutputGatherer;
  readonly #resolve: (prediction: Prediction) => void;
  readonly #reject: (error: KnownError) => void;

  constructor(asked: PredictRequest, form: RequestForm, memory: OutputMemory) {
    this.asked = asked;
    this.batchKey = batchKey(asked);
    this.model = modelId(asked.model);
    this.rows = countRows(asked);
    this.form = form;
    this.#gatherer = new OutputGatherer(this.rows, memory, asked.channels);
    const { promise, resolve, reject } = Promise.withResolvers<Prediction>();
    this.result = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** A call that held rows of this request is retried. */
  retried(): void {
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

/** Rows of one request that travel together: one row, or all of a request that must stay whole. */
export interface WorkItem {
  readonly request: PendingRequest;
  readonly firstRow: number;
  readonly rows: number;
  readonly bytes: number;
  /** When it began to wait, on the monotonic clock. */
  waitingSince: number;
  /** Failed attempts that count against the limit. */
  failures: number;
  /** When it failed last, on the monotonic clock. */
  failedAt: number | undefined;
  /** Whether it is to travel without rows of other requests: its next failure is its last. */
  alone: boolean;
  /** Failed attempts of any kind. */
  attempts: number;
  /** Address of the server that failed it last; another is preferred. */
  avoid: string | undefined;
}

/** The items of a request: its rows one by one, or all of them as one if they must stay together. */
export function splitRows(request: PendingRequest, now: number): WorkItem[] {
  const { splittable, inputs } = request.asked;
  const bytes = Object.values(inputs).reduce((sum, { data }) => sum + data.byteLength, 0);
  const count = splittable ? request.rows : 1;
  return Array.from({ length: count }, (_, firstRow) => ({
    request,
    firstRow,
    rows: request.rows / count,
    bytes: bytes / count,
    waitingSince: now,
    failures: 0,
    failedAt: undefined,
    alone: false,
    attempts: 0,
    avoid: undefined,
  }));
}

/**
 * Requests with the same key may share a batch: same model and version, same outputs wanted, same inputs with the
 * same shape of a row. (The element type is float32 for all.) Requests that must stay whole have keys of their own.
 */
export function batchKey({ model, inputs, outputs, splittable }: PredictRequest): string {
  const rows = Object.keys(inputs)
    .sort()
    .map((name) => `${name}[${inputs[name]?.shape.slice(1).join()}]`);
  const wanted = outputs === undefined ? '*' : outputs.toSorted().join();
  return [modelId(model), wanted, ...rows, splittable ? 'rows' : 'whole'].join(' ');
}

/** Rows of a request. Throws RangeError, a bug of the caller, if its inputs differ in it or have none. */
function countRows({ inputs }: PredictRequest): number {
  const counts = new Set(Object.values(inputs).map(({ shape }) => shape[0] ?? 0));
  const [rows] = counts;
  if (counts.size !== 1 || rows === undefined || rows < 1) {
    throw new RangeError(`inputs must have equally many rows, got ${[...counts].join(', ')}`);
  }
  return rows;
}
