/** A fault of a server that was working on a request. */
interface Fault {
  readonly address: string;
  /** Whether no rows of other requests were in the call. */
  readonly alone: boolean;
  readonly now: number;
  /** When the model worked last on this server, and on any. */
  readonly workedHereAt: number;
  readonly workedAt: number;
}

/** Faults on one server, with a success in between, after which it is not the server. */
const CONFIRMATIONS = 2;

/**
 * The faults that one request has met, to tell a request that makes servers fail from a server that fails anyway. A
 * request is at fault if two servers failed on it alone, or one did so again and again between successes with others;
 * never while the model works nowhere.
 */
export class FaultEvidence {
  readonly #alone = new Set<string>();
  readonly #lastAt = new Map<string, number>();
  #firstAt = Infinity;
  #confirmations = 0;

  /** Takes a fault into account; true if the request is at fault. */
  convicts({ address, alone, now, workedHereAt, workedAt }: Fault): boolean {
    const before = this.#lastAt.get(address) ?? Infinity;
    this.#lastAt.set(address, now);
    this.#firstAt = Math.min(this.#firstAt, now);
    if (!alone) return false;
    this.#alone.add(address);
    if (workedHereAt > before) this.#confirmations++;
    const twoAgree = this.#alone.size > 1 && workedAt > this.#firstAt;
    return twoAgree || this.#confirmations >= CONFIRMATIONS;
  }
}
