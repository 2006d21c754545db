import { abortable } from '../../../abort.ts';
import type { Clock, MetadataCache, ModelName, ModelSignature } from '../../../ports.ts';
import { modelId } from '../model-id.ts';
import { writeSignature } from './signature-json.ts';

interface SignatureCacheOptions {
  readonly clock: Clock;
  /** How long a signature is cached, here and in Redis. */
  readonly expireSeconds: number;
  /** Read by Python consumers. */
  readonly shared: MetadataCache;
  readonly fetch: (model: ModelName) => Promise<ModelSignature>;
}

interface Entry {
  readonly signature: ModelSignature;
  readonly until: number;
}

/**
 * Cached signatures of models. Concurrent requests for the same signature share one call. The answers of
 * servers are written to Redis for Python consumers but never read from there: the Python form has no
 * outputs, and the result of a job must not depend on which consumer asked first.
 */
export class SignatureCache {
  readonly #options: SignatureCacheOptions;
  readonly #known = new Map<string, Entry>();
  readonly #asked = new Map<string, Promise<ModelSignature>>();

  constructor(options: SignatureCacheOptions) {
    this.#options = options;
  }

  /** Rejects with `unknown_model` if the server has no such model, or with the reason of `signal`. */
  async get(model: ModelName, signal: AbortSignal): Promise<ModelSignature> {
    const key = modelId(model);
    const known = this.#known.get(key);
    if (known !== undefined && this.#options.clock.monotonic() < known.until)
      return known.signature;
    const asked = this.#asked.get(key) ?? this.#fetch(key, model);
    this.#asked.set(key, asked);
    return abortable(signal, asked);
  }

  async #fetch(key: string, model: ModelName): Promise<ModelSignature> {
    const { clock, expireSeconds, fetch, shared } = this.#options;
    try {
      const signature = await fetch(model);
      this.#known.set(key, { signature, until: clock.monotonic() + 1000 * expireSeconds });
      const written = shared.put(key, writeSignature(signature), expireSeconds);
      written.catch(() => undefined);
      return signature;
    } finally {
      this.#asked.delete(key);
    }
  }
}
