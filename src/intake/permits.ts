import { onAbort } from '../abort.ts';
import type { Permit } from '../flow/in-flight.ts';
import type { MemoryAccount, MemoryLimits } from './memory-account.ts';
import { MemoryLedger } from './memory-ledger.ts';

interface Limits extends MemoryLimits {
  readonly jobs: number;
}

/** An intake that asks for a permit, and the queue that its job will be of. */
interface Waiting {
  readonly queue: string;
  readonly grant: (permit: Permit) => void;
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
  readonly #waiting = new Set<Waiting>();

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

  /** Who waits for memory now: a job that is here, or an intake that would take one more. */
  get waitsForMemory(): { readonly job: boolean; readonly intake: boolean } {
    const isAtMost = this.#held.size >= this.limits.jobs;
    return { job: this.#ledger.hasWaiting, intake: !isAtMost && this.#waiting.size > 0 };
  }

  /** True while the process is close to the end of its memory. */
  get isTight(): boolean {
    return this.#ledger.limits.isTight();
  }

  /** Call it when the process is no longer close to the end of its memory. */
  recheck(): void {
    this.#ledger.recheck();
  }

  /** Waits for the right to hold one more job, of this queue. */
  async acquire(signal: AbortSignal, queue = ''): Promise<Permit> {
    const { promise, resolve, reject } = Promise.withResolvers<Permit>();
    const waiting = { queue, grant: resolve };
    this.#waiting.add(waiting);
    const stopListening = onAbort(signal, (reason) => {
      this.#waiting.delete(waiting);
      reject(reason);
    });
    this.#admit();
    return promise.finally(stopListening);
  }

  #admit(): void {
    for (const waiting of this.#waiting) {
      if (this.#held.size >= this.limits.jobs) return;
      if (!this.#ledger.hasRoom(waiting.queue)) continue;
      this.#waiting.delete(waiting);
      waiting.grant(this.#issue(waiting.queue));
    }
  }

  #issue(queue: string): Permit {
    let account: MemoryAccount | undefined;
    let isReleased = false;
    const open = (): MemoryAccount | undefined =>
      isReleased ? undefined : (account ??= this.#ledger.open(queue));
    const permit: Permit = {
      begin: () => void open(),
      reserve: async (bytes, signal) => open()?.reserve(bytes, signal),
      tryReserve: (bytes) => open()?.tryReserve(bytes) ?? true,
      giveBack: (bytes) => open()?.giveBack(bytes),
      holds: (bytes) => open()?.holds(bytes),
      arrive: (stage) => open()?.arrive(stage),
      rest: () => open()?.rest(),
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
