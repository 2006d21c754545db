import { KnownError, classify } from '../../errors.ts';
import type {
  Claim,
  Clock,
  Heartbeat,
  JobQueue,
  OpenedKey,
  Opening,
  QueueDepth,
  QueuePlace,
  TakenOver,
} from '../../ports.ts';
import {
  type Member,
  check,
  hostOf,
  isClaimedAnew,
  listOf,
  release,
  requeue,
  survived,
  uncount,
} from './claims.ts';
import { cleanUp } from './families.ts';
import { openKey } from './open-key.ts';
import { recoverOwn, takeOverDead } from './recovery.ts';
import type { Answering } from './answering.ts';

interface QueueOptions extends Answering {
  readonly member: Member;
  readonly clock: Clock;
  readonly popSeconds: number;
}

const LEASE_MS = 20_000;
const WATCH_MS = 1300;
/** After a pause all leases have run out: living peers get this long to renew theirs. */
const PEERS_RETURN_MS = 10_000;
const PAUSE_MS = 5000;

export class InMemoryQueue implements JobQueue {
  readonly #options: QueueOptions;
  readonly #list: string;
  #beatAt = -Infinity;
  #trustsLeasesFrom = -Infinity;
  #hasLeft = false;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#list = listOf(options.member);
  }

  get name(): string {
    return this.#options.member.queue;
  }

  async register(signal: AbortSignal): Promise<void> {
    const { state, member, clock, ask } = this.#options;
    this.#hasLeft = false;
    const before = await ask(() => this.#twins());
    if (before.size > 0) {
      await clock.sleep(WATCH_MS, signal);
      const after = await ask(() => this.#twins());
      if ([...after].some(([owner, expiry]) => expiry > (before.get(owner) ?? 0))) {
        throw new KnownError(
          'duplicate_consumer',
          `Another consumer of "${member.queue}" runs as "${member.host}".`,
        );
      }
      await ask(() => {
        for (const owner of after.keys()) this.#leases.set(owner, 0);
      });
    }
    await ask(() => {
      this.#leases.set(member.owner, state.now() + LEASE_MS);
      state.hostsOf(member.queue).set(member.host, member.owner);
    });
    this.#beatAt = clock.monotonic();
    this.#trustsLeasesFrom = this.#beatAt + PEERS_RETURN_MS;
  }

  async pop(signal: AbortSignal): Promise<string | undefined> {
    const { clock, popSeconds } = this.#options;
    const over = new AbortController();
    const timeout = clock.sleep(popSeconds * 1000, over.signal).then(
      () => 'timeout',
      () => 'over',
    );
    try {
      for (;;) {
        if (signal.aborted) throw classify(signal.reason);
        const pushed = this.#nextPush(signal, over.signal);
        const key = await this.#move();
        if (key !== undefined) return key;
        if ((await Promise.race([pushed, timeout])) === 'timeout') return undefined;
      }
    } finally {
      over.abort(new KnownError('shutting_down', 'The wait is over.'));
    }
  }

  async open(key: string, opening: Opening): Promise<OpenedKey> {
    const { state, member, ask } = this.#options;
    return ask(() => openKey(state, member, key, opening));
  }

  async requeue(claim: Claim, place: QueuePlace = 'next'): Promise<boolean> {
    const { state, member, ask } = this.#options;
    return ask(() => {
      const hash = state.hash(claim.key);
      const isBack = hash?.get('claim_token') === String(claim.token) && !hash.has('claim_owner');
      if (isBack) return true;
      if (hash === undefined || check(state, member, claim) !== 'ours') {
        if (isClaimedAnew(state, member, claim)) return true;
        release(state, member, claim);
        return false;
      }
      state.claimsOf(member.queue, member.owner).delete(claim.key);
      state.take(this.#list, claim.key);
      uncount(hash);
      requeue(state, member.queue, claim.key, place);
      return true;
    });
  }

  async survived(claim: Claim): Promise<void> {
    const { state, member, ask } = this.#options;
    await ask(() => survived(state, member, claim));
  }

  async beat(claims: readonly Claim[]): Promise<Heartbeat> {
    if (this.#hasLeft) return { lost: [], twin: false };
    const { state, member, clock, ask } = this.#options;
    const beat = await ask(() => {
      this.#leases.set(member.owner, state.now() + LEASE_MS);
      const lost = claims.filter((claim) => !this.#keepAlive(claim)).map(({ key }) => key);
      cleanUp(state);
      return { lost, twin: this.#isUsurped() };
    });
    const now = clock.monotonic();
    if (now - this.#beatAt > PAUSE_MS) this.#trustsLeasesFrom = now + PEERS_RETURN_MS;
    this.#beatAt = now;
    return beat;
  }

  async recoverOwn(held: Iterable<string>): Promise<TakenOver> {
    const { state, member, ask } = this.#options;
    return ask(() => recoverOwn(state, member, new Set(held)));
  }

  async takeOverDead(): Promise<TakenOver | undefined> {
    const { state, member, clock, ask } = this.#options;
    if (clock.monotonic() < this.#trustsLeasesFrom) return undefined;
    return ask(() => takeOverDead(state, member));
  }

  async unregister(): Promise<TakenOver> {
    const { state, member, ask } = this.#options;
    return ask(() => {
      const recovered = recoverOwn(state, member, new Set());
      state.forget(member.queue, member.owner, member.host);
      this.#hasLeft = true;
      return recovered;
    });
  }

  async depth(): Promise<QueueDepth> {
    const { state, member, ask } = this.#options;
    return ask(() => ({
      waiting: state.entries(member.queue).length,
      held: state.entries(this.#list).length,
      deadLetters: state.lettersOf(member.queue).size,
    }));
  }

  problem(): string | undefined {
    return this.#options.problem();
  }

  async close(): Promise<void> {}

  get #leases(): Map<string, number> {
    return this.#options.state.leasesOf(this.#options.member.queue);
  }

  /** The other living processes of our host name. */
  #twins(): Map<string, number> {
    const { state, member } = this.#options;
    return new Map(
      [...this.#leases].filter(
        ([owner, expiry]) =>
          owner !== member.owner && hostOf(owner) === member.host && expiry > state.now(),
      ),
    );
  }

  /** Whether a living process has registered under our host name since. */
  #isUsurped(): boolean {
    const { state, member } = this.#options;
    const named = state.hostsOf(member.queue).get(member.host) ?? member.owner;
    if (named !== member.owner && state.isAlive(member.queue, named)) return true;
    state.hostsOf(member.queue).set(member.host, member.owner);
    return false;
  }

  async #move(): Promise<string | undefined> {
    const { state, member, ask } = this.#options;
    return ask(() => state.move(member.queue, this.#list));
  }

  #nextPush(signal: AbortSignal, over: AbortSignal): Promise<'pushed'> {
    const { promise, resolve } = Promise.withResolvers<'pushed'>();
    const wake = (): void => resolve('pushed');
    const stop = this.#options.state.onPush(wake);
    signal.addEventListener('abort', wake, { once: true });
    over.addEventListener('abort', wake, { once: true });
    return promise.finally(() => {
      stop();
      signal.removeEventListener('abort', wake);
    });
  }

  #keepAlive(claim: Claim): boolean {
    const { state, member } = this.#options;
    const standing = check(state, member, claim);
    if (standing === 'settled') return true;
    if (standing !== 'ours') {
      release(state, member, claim);
      return false;
    }
    if (state.count(this.#list, claim.key) === 0) state.take(member.queue, claim.key);
    state.hold(this.#list, claim.key);
    state.write(claim.key, { updated_at: state.timestamp(), updated_by: member.host });
    return true;
  }
}
