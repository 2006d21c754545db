import { classify } from '../../errors.ts';
import type {
  Clock,
  MetadataCache,
  ModelName,
  ModelServer,
  ModelSignature,
  PredictRequest,
  Prediction,
} from '../../ports.ts';
import type { EndpointSet } from './endpoint.ts';
import type { PredictFact } from '../../facts/predict.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import type { SchedulerSettings } from './scheduler/settings.ts';
import { inputTypes } from './signature/signature.ts';
import { SignatureCache } from './signature/signature-cache.ts';

interface ModelServerClientOptions {
  readonly endpoints: EndpointSet;
  readonly clock: Clock;
  /** A number in [0, 1); Math.random outside tests. */
  readonly random: () => number;
  readonly settings: SchedulerSettings;
  /** Rows of a request at most, for a model with these inputs. */
  readonly maxRows: (signature: ModelSignature) => number;
  readonly metadataCache: MetadataCache;
  /** How long the signature of a model is remembered. */
  readonly metadataExpireSeconds: number;
  /** Hears what happens between us and the model servers. */
  readonly emit: (fact: PredictFact) => void;
}

/** The model servers behind one address, as the pipeline sees them. */
export class ModelServerClient implements ModelServer {
  readonly #options: ModelServerClientOptions;
  readonly #scheduler: Scheduler;
  readonly #signatures: SignatureCache;

  constructor(options: ModelServerClientOptions) {
    const { clock, metadataCache, metadataExpireSeconds } = options;
    this.#options = options;
    this.#scheduler = new Scheduler(options);
    this.#signatures = new SignatureCache({
      clock,
      expireSeconds: metadataExpireSeconds,
      shared: metadataCache,
      fetch: (model) => this.#scheduler.signature(model),
    });
  }

  async signature(model: ModelName, signal: AbortSignal): Promise<ModelSignature> {
    try {
      return await this.#signatures.get(model, signal);
    } catch (error) {
      throw classify(error);
    }
  }

  async predict(request: PredictRequest): Promise<Prediction> {
    const signature = await this.signature(request.model, request.signal);
    const types = inputTypes(request, signature);
    return this.#scheduler.submit(request, { rowsAtMost: this.#options.maxRows(signature), types });
  }

  /** Resolves to true once a server answers, to false once it is known that none does. */
  async reached(signal: AbortSignal): Promise<boolean> {
    return this.#scheduler.reached(signal);
  }

  problem(model?: ModelName): string | undefined {
    return this.#scheduler.problem(model);
  }

  /** Whether predictions wait because every server that answers has as many calls in flight as it takes. */
  get isFull(): boolean {
    return this.#scheduler.isFull;
  }

  /** Lets go of memory that is kept for outputs to come. */
  releaseMemory(): void {
    this.#scheduler.releaseMemory();
  }

  async close(): Promise<void> {
    this.#scheduler.close();
    await this.#options.endpoints.close();
  }
}
