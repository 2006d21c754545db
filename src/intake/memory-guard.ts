interface GuardOptions {
  /** Bytes at which the system would end the process. */
  readonly limitBytes: number;
  /** Bytes of the process that are in memory. */
  readonly residentBytes: () => number;
  /** Collects all garbage of this thread. */
  readonly collect: () => void;
  /** Told when the process came close to its limit, and when it is far enough from it again. */
  readonly onChange: (isTight: boolean) => void;
}

/** Shares of the limit. Between them nothing changes. */
const CLOSE = 0.88;
const FAR = 0.78;

/**
 * Watches the memory that the process really takes: reservations are estimates, and garbage is in none of them. Close to the
 * limit garbage is collected; if that does not help, memory is tight: jobs then run one at a time.
 */
export class MemoryGuard {
  readonly #options: GuardOptions;
  #isTight = false;
  #hasCollected = false;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  get isTight(): boolean {
    return this.#isTight;
  }

  /** Call it a few times a second. */
  look(): void {
    const { limitBytes, residentBytes, collect } = this.#options;
    const share = residentBytes() / limitBytes;
    if (share < FAR) this.#become(false);
    if (share < CLOSE) {
      this.#hasCollected = false;
      return;
    }
    // What is collected is returned to the system a little later.
    if (this.#hasCollected) this.#become(true);
    else collect();
    this.#hasCollected = !this.#hasCollected;
  }

  #become(isTight: boolean): void {
    if (isTight === this.#isTight) return;
    this.#isTight = isTight;
    this.#options.onChange(isTight);
  }
}
