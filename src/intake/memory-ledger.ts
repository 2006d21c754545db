import { abortable } from '../abort.ts';
import { KnownError } from '../errors.ts';

export interface MemoryLimits {
  /** Bytes that the jobs held may reserve together. */
  readonly bytes: number;
  /**
   * Bytes that there are at all. The oldest job may go beyond `bytes`, but not beyond this; a job that needs more alone is
   * refused. Absent: no such limit.
   */
  readonly most?: number;
}

/** What one job has reserved. Once it is closed, every call is ignored. */
export interface MemoryAccount {
  /**
   * Waits until the job may hold `bytes` in all. The oldest job does not wait for jobs that wait themselves, so jobs
   * cannot block each other for ever. Rejects when the signal fires, and with `out_of_memory` if so much does not exist.
   */
  reserve(bytes: number, signal: AbortSignal): Promise<void>;
  /** Reserves if that needs no waiting; whether it did. */
  tryReserve(bytes: number): boolean;
  /** Sets what the job holds, without waiting. */
  holds(bytes: number): void;
  /** Gives everything back, for good. */
  close(): void;
}

interface Account {
  /** Bytes reserved. */
  bytes: number;
  /** True until the first reservation: `bytes` is what jobs usually need. */
  isEstimate: boolean;
  /** The most that was reserved. */
  peak: number;
  waiting: { readonly bytes: number; readonly grant: () => void } | undefined;
}

/** Share of the expected size that is still expected after one more, smaller job. */
const FORGETTING = 0.9;

/**
 * Who has reserved how much memory. Every growth is reserved before it happens, and waits while it does not fit. Younger
 * jobs leave free what the oldest lacks to the size that jobs reached lately, so that it can finish.
 */
export class MemoryLedger {
  readonly limits: Required<MemoryLimits>;
  /** In the order in which their jobs were claimed. */
  readonly #accounts = new Set<Account>();
  readonly #onRoom: () => void;
  #bytes = 0;
  /** The size that jobs reached lately. */
  #expected = 0;

  /** `onRoom` is called when memory was given back. */
  constructor({ bytes, most = Infinity }: MemoryLimits, onRoom: () => void = () => {}) {
    this.limits = { bytes, most: Math.max(bytes, most) };
    this.#onRoom = onRoom;
  }

  /** Bytes reserved now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether one more job is likely to get the memory that it needs. */
  hasRoom(): boolean {
    if (this.#accounts.size === 0) return true;
    for (const { waiting } of this.#accounts) if (waiting !== undefined) return false;
    const { bytes } = this.limits;
    return this.#bytes < bytes && this.#bytes + this.#usual() <= bytes;
  }

  /** The account of a job that was claimed now. Until its first reservation it counts as a usual one. */
  open(): MemoryAccount {
    const account: Account = { bytes: 0, isEstimate: true, peak: 0, waiting: undefined };
    this.#accounts.add(account);
    this.#set(account, this.#usual());
    const isOpen = (): boolean => this.#accounts.has(account);
    return {
      reserve: async (bytes, signal) => {
        if (isOpen()) await this.#reserve(account, bytes, signal);
      },
      tryReserve: (bytes) => !isOpen() || this.#tryReserve(account, bytes),
      holds: (bytes) => {
        if (isOpen()) this.#hold(account, bytes);
      },
      close: () => {
        if (isOpen()) this.#close(account);
      },
    };
  }

  async #reserve(account: Account, bytes: number, signal: AbortSignal): Promise<void> {
    if (bytes > this.limits.most) throw tooMuch(bytes, this.limits.most);
    signal.throwIfAborted();
    if (this.#tryReserve(account, bytes)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    account.waiting = { bytes, grant: resolve };
    // A job that waits may be what the oldest one waited for.
    this.#grantWaiting();
    try {
      await abortable(signal, promise);
    } finally {
      account.waiting = undefined;
      this.#grantWaiting();
    }
  }

  #tryReserve(account: Account, bytes: number): boolean {
    const isGranted = this.#fits(account, bytes);
    if (isGranted) this.#hold(account, Math.max(bytes, account.isEstimate ? 0 : account.bytes));
    return isGranted;
  }

  #fits(account: Account, bytes: number): boolean {
    if (bytes <= account.bytes) return true;
    const [oldest] = this.#accounts;
    if (account === oldest) return this.#fitsOldest(account, bytes);
    const lacking = Math.max(0, this.#usual() - (oldest?.bytes ?? 0));
    return this.#bytes - account.bytes + bytes + lacking <= this.limits.bytes;
  }

  /** The oldest waits only for memory that does not exist, and only while somebody can give it back. */
  #fitsOldest(account: Account, bytes: number): boolean {
    let others = 0;
    let canGiveBack = false;
    for (const other of this.#accounts) {
      if (other === account || other.isEstimate) continue;
      others += other.bytes;
      canGiveBack ||= other.bytes > 0 && other.waiting === undefined;
    }
    return others + bytes <= this.limits.most || !canGiveBack;
  }

  /** What a job is expected to need: never so much that younger jobs would get nothing. */
  #usual(): number {
    return Math.min(this.#expected, Math.floor(this.limits.bytes / 2));
  }

  #hold(account: Account, bytes: number): void {
    account.isEstimate = false;
    account.peak = Math.max(account.peak, bytes);
    const isLess = bytes < account.bytes;
    this.#set(account, bytes);
    if (isLess) this.#grantWaiting();
  }

  #close(account: Account): void {
    if (account.peak > 0) this.#expected = Math.max(account.peak, this.#expected * FORGETTING);
    this.#set(account, 0);
    this.#accounts.delete(account);
    account.waiting?.grant();
    this.#grantWaiting();
  }

  #set(account: Account, bytes: number): void {
    this.#bytes += bytes - account.bytes;
    account.bytes = bytes;
  }

  #grantWaiting(): void {
    for (const account of this.#accounts) {
      const { waiting } = account;
      if (waiting === undefined || !this.#fits(account, waiting.bytes)) continue;
      account.waiting = undefined;
      account.peak = Math.max(account.peak, waiting.bytes);
      account.isEstimate = false;
      this.#set(account, waiting.bytes);
      waiting.grant();
    }
    this.#onRoom();
  }
}

function tooMuch(bytes: number, most: number): KnownError {
  return new KnownError(
    'out_of_memory',
    `The image needs ${mebibytes(bytes)} MiB of memory to process, but the consumer has ${mebibytes(most)} MiB.`,
  );
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
