import { garbageCollector } from './garbage-collector.ts';

interface CollectorOptions {
  /** Bytes of shared memory after which garbage is collected. */
  readonly everyBytes: number;
  /** Collects; by the engine if absent. */
  readonly collect?: () => void;
}

/**
 * Collects the young garbage of this thread whenever so much shared memory has passed through it. What a
 * kernel got and made is garbage here as soon as it has answered, but each array keeps its memory, which
 * other threads have long given up, until this thread collects. The engine sees no reason to: its own heap
 * hardly grows.
 */
export class YoungCollector {
  readonly #everyBytes: number;
  readonly #collect: () => void;
  #passed = 0;

  constructor({ everyBytes, collect = garbageCollector('minor') }: CollectorOptions) {
    this.#collect = collect;
    this.#everyBytes = everyBytes;
  }

  /** Shared memory came in or was made. */
  passed(bytes: number): void {
    this.#passed += bytes;
    if (this.#passed < this.#everyBytes) return;
    this.#passed = 0;
    // By then nothing on the stack points to it.
    setImmediate(this.#collect);
  }
}
