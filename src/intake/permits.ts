import { onAbort } from '../abort.ts';
import type { Permit } from '../flow/in-flight.ts';
import { type MemoryAccount, MemoryLedger, type MemoryLimits } from './memory-ledger.ts';

interface Limits extends MemoryLimits {
  readonly jobs: number;
}

/**
 * The rights to hold jobs. At most `jobs` are given out, and none while the memory of those given out leaves
 * no room for one more; so whatever waits between two stages is bounded, however long the queue. Several
 * intakes may share a pool.
 */
export class PermitPool {
  readonly limits: { readonly jobs: number; readonly bytes: number };
  readonly #ledger: MemoryLedger;
  readonly #held = new Set<Permit>();
  /** First come, first served: the intakes of several queues take turns. */
  readonly #waiting = new Set<(permit: Permit) => void>();

  constructor({ jobs, ...memory }: Limits) {
    this.#ledger = new MemoryLedger(memory, () => this.#admit());
    this.limits = { jobs, bytes: memory.bytes };
  }

  /** Jobs and bytes held now. */
  get held(): { readonly jobs: number; readonly bytes: number } {
    return { jobs: this.#held.size, bytes: this.#ledger.bytes };
  }

  /** True while no permit can be given out: an intake that waits for one asks for no jobs. */
  get isFull(): boolean {
    return this.#held.size >= this.limits.jobs || !this.#ledger.hasRoom();
  }

  /** True while the process is close to the end of its memory. */
  get isTight(): boolean {
    return this.#ledger.limits.isTight();
  }

  /** Call it when the process is no longer close to the end of its memory. */
  recheck(): void {
    this.#ledger.recheck();
  }

  /** Waits for the right to hold one more job. */
  async acquire(signal: AbortSignal): Promise<Permit> {
    const { promise, resolve, reject } = Promise.withResolvers<Permit>();
    this.#waiting.add(resolve);
    const stopListening = onAbort(signal, (reason) => {
      this.#waiting.delete(resolve);
      reject(reason);
    });
    this.#admit();
    return promise.finally(stopListening);
  }

  #admit(): void {
    for (const grant of this.#waiting) {
      if (this.isFull) return;
      this.#waiting.delete(grant);
      grant(this.#issue());
    }
  }

  #issue(): Permit {
    let account: MemoryAccount | undefined;
    let isReleased = false;
    const open = (): MemoryAccount | undefined =>
      isReleased ? undefined : (account ??= this.#ledger.open());
    const permit: Permit = {
      begin: () => void open(),
      reserve: async (bytes, signal) => open()?.reserve(bytes, signal),
      tryReserve: (bytes) => open()?.tryReserve(bytes) ?? true,
      giveBack: (bytes) => open()?.giveBack(bytes),
      holds: (bytes) => open()?.holds(bytes),
      release: () => {
        isReleased = true;
        this.#held.delete(permit);
        account?.close();
        this.#admit();
      },
    };
    this.#held.add(permit);
    return permit;
  }
}
