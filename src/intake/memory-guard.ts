interface GuardOptions {
  /** Bytes at which the system would end the process. */
  readonly limitBytes: number;
  /** Bytes that the process takes and that the system cannot get back by itself. */
  readonly usedBytes: () => number;
  /** Lets go of what is kept only for speed, and collects garbage. */
  readonly collect: () => void;
  /** Told when the process came close to its limit, and when it is far enough from it again. */
  readonly onChange: (isTight: boolean) => void;
}

/** Shares of the limit. Between them nothing changes. */
const CLOSE = 0.75;
const FAR = 0.65;
/** A share of the limit that is worth a collection. */
const STEP = 0.03;
/** Looks between two collections: at least, and at most while they free nothing. */
const PAUSE = { least: 2, most: 300 };

/**
 * Watches the memory that the process really takes: reservations are estimates, and garbage is in none of
 * them. Close to the limit garbage is collected; if that does not help, memory is tight: jobs then run one at
 * a time. What is in use cannot be collected, so while collections free nothing and memory does not grow they
 * become rare.
 */
export class MemoryGuard {
  readonly #options: GuardOptions;
  #isTight = false;
  /** Since the process came close to its limit. */
  #hasCollected = false;
  #pause = PAUSE.least;
  #looksToWait = 0;
  /** Since the last look. */
  #hasMadeRoom = false;
  /** Shares at the last collection, and at the lowest since. */
  #before = 0;
  #lowest = 0;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  get isTight(): boolean {
    return this.#isTight;
  }

  /**
   * Call it before a job takes more memory than usual. Garbage is collected first if the process would come close to
   * its limit; at most once between two looks.
   */
  makeRoom(bytes: number): void {
    const { limitBytes, usedBytes, collect } = this.#options;
    if (this.#hasMadeRoom || usedBytes() + bytes < CLOSE * limitBytes) return;
    this.#hasMadeRoom = true;
    collect();
  }

  /** Call it a few times a second. */
  look(): void {
    const { limitBytes, usedBytes } = this.#options;
    this.#hasMadeRoom = false;
    const share = usedBytes() / limitBytes;
    if (share < FAR) this.#become(false);
    if (share < CLOSE) {
      this.#hasCollected = false;
      return;
    }
    // What is collected is returned to the system a little later.
    if (this.#hasCollected) this.#become(true);
    if (this.#isDue(share)) this.#collect(share);
  }

  #isDue(share: number): boolean {
    if (!this.#hasCollected) return true;
    this.#lowest = Math.min(this.#lowest, share);
    this.#looksToWait -= 1;
    return this.#looksToWait <= 0 || share >= this.#lowest + STEP;
  }

  #collect(share: number): void {
    const isUseful = !this.#hasCollected || this.#before - this.#lowest >= STEP;
    this.#pause = isUseful ? PAUSE.least : Math.min(2 * this.#pause, PAUSE.most);
    this.#hasCollected = true;
    this.#looksToWait = this.#pause;
    this.#before = share;
    this.#lowest = share;
    this.#options.collect();
  }

  #become(isTight: boolean): void {
    if (isTight === this.#isTight) return;
    this.#isTight = isTight;
    this.#options.onChange(isTight);
  }
}
