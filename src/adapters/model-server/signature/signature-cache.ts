import type { Clock, MetadataCache, ModelName, ModelSignature } from '../../../ports.ts';
import { modelId } from '../model-id.ts';
import { readSignature, writeSignature } from './signature-json.ts';

interface SignatureCacheOptions {
  readonly clock: Clock;
  /** How long a signature is remembered, here and in the shared cache. */
  readonly expireSeconds: number;
  /** Shared with other consumers, those in Python included. */
  readonly shared: MetadataCache;
  readonly fetch: (model: ModelName) => Promise<ModelSignature>;
}

interface Entry {
  readonly signature: ModelSignature;
  readonly until: number;
}

/** Signatures of models: remembered here, else in the shared cache, else asked for; once for all who ask meanwhile. */
export class SignatureCache {
  readonly #options: SignatureCacheOptions;
  readonly #known = new Map<string, Entry>();
  readonly #asked = new Map<string, Promise<ModelSignature>>();

  constructor(options: SignatureCacheOptions) {
    this.#options = options;
  }

  /** Rejects with `unknown_model` if the server has no such model, or with the reason of `signal`. */
  async get(model: ModelName, signal: AbortSignal): Promise<ModelSignature> {
    signal.throwIfAborted();
    const key = modelId(model);
    const known = this.#known.get(key);
    if (known !== undefined && this.#options.clock.monotonic() < known.until)
      return known.signature;
    const asked = this.#asked.get(key) ?? this.#find(key, model);
    this.#asked.set(key, asked);
    return abortable(asked, signal);
  }

  async #find(key: string, model: ModelName): Promise<ModelSignature> {
    const { clock, expireSeconds } = this.#options;
    try {
      const signature = (await this.#recall(key)) ?? (await this.#fetch(key, model));
      this.#known.set(key, { signature, until: clock.monotonic() + 1000 * expireSeconds });
      return signature;
    } finally {
      this.#asked.delete(key);
    }
  }

  async #fetch(key: string, model: ModelName): Promise<ModelSignature> {
    const { fetch, shared, expireSeconds } = this.#options;
    const signature = await fetch(model);
    await optional(shared.put(key, writeSignature(signature), expireSeconds));
    return signature;
  }

  async #recall(key: string): Promise<ModelSignature | undefined> {
    const json = await optional(this.#options.shared.get(key));
    return json === undefined ? undefined : readSignature(json);
  }
}

/** The shared cache only saves time: without it we ask the model server, so its failures do not count. */
async function optional<Value>(access: Promise<Value>): Promise<Value | undefined> {
  return access.catch(() => undefined);
}

/** The promise, or a rejection with the reason of the signal if that fires first. */
async function abortable<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
