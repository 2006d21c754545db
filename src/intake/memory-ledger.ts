import { onAbort } from '../abort.ts';
import type { KnownError } from '../errors.ts';
import { ExpectedPeaks, StagePeaks } from './expected-peaks.ts';
import type { MemoryAccount, MemoryLimits } from './memory-account.ts';
import { neededByOlder, tooMuch } from './memory-refusals.ts';

interface Account {
  readonly queue: string;
  /** Its place in the order in which jobs get memory: the smallest is first. */
  readonly turn: number;
  /** Bytes reserved. */
  bytes: number;
  /** True until the first reservation: `bytes` is what jobs usually need. */
  isEstimate: boolean;
  /** True while it is between two attempts at a remote, and asks for no memory. */
  isResting: boolean;
  readonly peaks: StagePeaks;
  readonly waiting: Set<Waiter>;
}

interface Waiter {
  readonly bytes: number;
  readonly grant: () => void;
  readonly refuse: (reason: KnownError) => void;
}

/** A job counts as at most this share of all bytes when it is admitted, so that several are under way. */
const USUAL = 1 / 2;
const DEFAULTS = {
  keptFree: 1 / 2,
  isTight: (): boolean => false,
  makeRoom: (): void => {},
};

/**
 * Who has reserved how much memory. Every growth is reserved before it happens, and waits while it
 * does not fit. Later jobs leave free what the first still lacks for its stage and those after it, as
 * jobs of its queue needed lately, so that it can finish. A job that a remote has failed is not the first
 * before it asks for memory: a bad object would hold up all others for as long as it is tried.
 *
 * Jobs of one queue have their turns in the order of their claims. Jobs of several queues take turns,
 * so that a full queue does not keep the job of another waiting: it comes after the job whose turn it
 * is now, however many were claimed before it (start-time fair queueing, Goyal et al. 1996).
 */
export class MemoryLedger {
  readonly limits: Required<MemoryLimits>;
  /** In the order of their turns. */
  readonly #accounts: Account[] = [];
  /** The last turn that was given to a job of each queue. */
  readonly #lastTurns = new Map<string, number>();
  /** The latest turn that has come. */
  #turn = 0;
  readonly #onRoom: () => void;
  #bytes = 0;
  readonly #expected = new ExpectedPeaks();

  /** `onRoom` is called when memory was given back. */
  constructor(limits: MemoryLimits, onRoom: () => void = () => {}) {
    const most = Math.max(limits.bytes, limits.most ?? Infinity);
    const together = Math.max(limits.bytes, limits.together ?? most);
    this.limits = { ...DEFAULTS, ...limits, most, together };
    this.#onRoom = onRoom;
  }

  /** Bytes reserved now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a job waits for memory now. */
  get hasWaiting(): boolean {
    return this.#accounts.some(({ waiting }) => waiting.size > 0);
  }

  /**
   * Whether one more job is likely to get the memory that it needs. A queue that has no job here may
   * always have one, which then waits for its turn, and not for the jobs of others that were claimed
   * before it.
   */
  hasRoom(queue?: string): boolean {
    if (this.#accounts.length === 0) return true;
    const { bytes, isTight } = this.limits;
    if (isTight()) return false;
    if (queue !== undefined && !this.#accounts.some((other) => other.queue === queue)) return true;
    if (this.hasWaiting) return false;
    return this.#bytes < bytes && this.#bytes + this.#usual() <= bytes;
  }

  /** Call it when the process is no longer close to the end of its memory. */
  recheck(): void {
    this.#grantWaiting();
  }

  /** The account of a job of a queue that was claimed now. Until its first reservation it counts as a usual one. */
  open(queue = ''): MemoryAccount {
    const account = this.#enter(queue);
    this.#set(account, this.#usual());
    const isOpen = (): boolean => this.#accounts.includes(account);
    return {
      reserve: async (bytes, signal) => {
        if (isOpen()) await this.#reserve(account, bytes, signal);
      },
      tryReserve: (bytes) => !isOpen() || this.#tryReserve(account, bytes),
      giveBack: (bytes) => {
        if (isOpen()) this.#hold(account, account.bytes - bytes);
      },
      holds: (bytes) => {
        if (isOpen()) this.#hold(account, bytes);
      },
      arrive: (stage) => {
        if (isOpen()) this.#arrive(account, stage);
      },
      rest: () => {
        if (isOpen()) this.#rest(account);
      },
      close: () => {
        if (isOpen()) this.#close(account);
      },
    };
  }

  /** A queue whose jobs have waited for nobody lately has its turn next, between two jobs of another. */
  #enter(queue: string): Account {
    const turn = Math.max((this.#lastTurns.get(queue) ?? 0) + 1, this.#turn + 0.5);
    this.#lastTurns.set(queue, turn);
    const account: Account = {
      queue,
      turn,
      bytes: 0,
      isEstimate: true,
      isResting: false,
      peaks: new StagePeaks(),
      waiting: new Set(),
    };
    const behind = this.#accounts.findIndex((other) => other.turn > turn);
    this.#accounts.splice(behind < 0 ? this.#accounts.length : behind, 0, account);
    this.#next();
    return account;
  }

  #next(): void {
    this.#turn = Math.max(this.#turn, this.#accounts[0]?.turn ?? 0);
  }

  /** The job that is to finish next: the oldest of those that do not wait for a remote. */
  get #first(): Account | undefined {
    const isUp = ({ isResting, waiting }: Account): boolean => !isResting || waiting.size > 0;
    return this.#accounts.find(isUp) ?? this.#accounts[0];
  }

  async #reserve(account: Account, bytes: number, signal: AbortSignal): Promise<void> {
    account.isResting = false;
    const total = held(account) + bytes;
    if (total > this.limits.most) throw tooMuch(total, this.limits.most);
    signal.throwIfAborted();
    if (this.#tryReserve(account, bytes)) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { bytes, grant: resolve, refuse: reject };
    account.waiting.add(waiter);
    const stopListening = onAbort(signal, (reason) => {
      if (account.waiting.delete(waiter)) this.#grantWaiting();
      reject(reason);
    });
    this.#makeWay();
    await promise.finally(stopListening);
  }

  #tryReserve(account: Account, bytes: number): boolean {
    const total = held(account) + bytes;
    const isGranted = total <= this.limits.most && this.#fits(account, total);
    if (isGranted) this.#hold(account, total);
    return isGranted;
  }

  /** Whether a job may hold `total` now. */
  #fits(account: Account, total: number): boolean {
    const first = this.#first;
    // What a job was expected to need may have gone to the first meanwhile.
    if (account === first || (account.isEstimate && total <= account.bytes))
      return this.#exists(account, total);
    if (total <= account.bytes) return true;
    if (this.limits.isTight() || this.#isBehind(account)) return false;
    const ahead = first === undefined ? 0 : this.#expected.ahead(first.queue, first.peaks);
    const lacking = (needed: number): number => Math.max(0, needed - (first?.bytes ?? 0));
    const all = this.#bytes - account.bytes + total;
    const { bytes, together, keptFree } = this.limits;
    return (
      all + lacking(this.#atMost(ahead, keptFree)) <= bytes && all + lacking(ahead) <= together
    );
  }

  /** Whether a job of another queue waits whose turn is before: what becomes free is for that. */
  #isBehind({ queue, turn }: Account): boolean {
    return this.#accounts.some(
      (other) => other.turn < turn && other.queue !== queue && other.waiting.size > 0,
    );
  }

  /** Whether there is so much besides what others hold: the first waits for nothing else. */
  #exists(account: Account, total: number): boolean {
    let others = 0;
    for (const other of this.#accounts) if (other !== account) others += held(other);
    const { most, together } = this.limits;
    return others + total <= (others > 0 ? together : most);
  }

  /** While the oldest job waits, and all that hold memory do, the youngest of those gives up. */
  #makeWay(): void {
    const first = this.#first;
    if (first === undefined || first.waiting.size === 0) return;
    const holding = this.#accounts.filter((account) => account !== first && held(account) > 0);
    if (holding.some(({ waiting }) => waiting.size === 0)) return;
    const last = holding.at(-1);
    if (last === undefined) {
      this.#refuseTooMuch(first);
      return;
    }
    for (const { refuse } of last.waiting) refuse(neededByOlder(held(last)));
    last.waiting.clear();
  }

  /** Nobody else holds memory: what exceeds all there is, together with what the job has got meanwhile, never comes. */
  #refuseTooMuch(first: Account): void {
    const { most } = this.limits;
    for (const waiter of first.waiting) {
      const total = held(first) + waiter.bytes;
      if (total <= most) continue;
      first.waiting.delete(waiter);
      waiter.refuse(tooMuch(total, most));
    }
  }

  /** What a job that is admitted is expected to need. */
  #usual(): number {
    return this.#atMost(this.#expected.whole, USUAL);
  }

  /** What a job is expected to need, but never so much that others would get nothing. */
  #atMost(needed: number, share: number): number {
    return Math.min(needed, Math.floor(share * this.limits.bytes));
  }

  #arrive(account: Account, stage: string): void {
    account.isResting = false;
    account.peaks.arrive(stage, held(account));
    if (account === this.#first) this.#grantWaiting();
  }

  #rest(account: Account): void {
    account.isResting = true;
    this.#grantWaiting();
  }

  #hold(account: Account, total: number): void {
    const isLess = total < account.bytes;
    this.#record(account, total);
    if (isLess) this.#grantWaiting();
  }

  #record(account: Account, total: number): void {
    const all = this.#bytes - account.bytes + total;
    if (all > Math.max(this.#bytes, this.limits.bytes)) this.limits.makeRoom(all - this.#bytes);
    account.isEstimate = false;
    account.peaks.reach(total);
    this.#set(account, total);
  }

  #close(account: Account): void {
    this.#expected.learn(account.queue, account.peaks);
    this.#set(account, 0);
    this.#accounts.splice(this.#accounts.indexOf(account), 1);
    this.#next();
    for (const { grant } of account.waiting) grant();
    account.waiting.clear();
    this.#grantWaiting();
  }

  #set(account: Account, total: number): void {
    this.#bytes += total - account.bytes;
    account.bytes = total;
  }

  #grantWaiting(): void {
    for (const account of this.#accounts) {
      for (const waiter of account.waiting) {
        if (!this.#fits(account, held(account) + waiter.bytes)) continue;
        account.waiting.delete(waiter);
        this.#record(account, held(account) + waiter.bytes);
        waiter.grant();
      }
    }
    this.#makeWay();
    this.#onRoom();
  }
}

/** What a job has really reserved. */
function held({ bytes, isEstimate }: Account): number {
  return isEstimate ? 0 : bytes;
}
