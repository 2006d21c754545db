import { randomBytes } from 'node:crypto';
import { classify } from '../../../errors.ts';
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
} from '../../../ports.ts';
import { decodeKey, encodeKey } from '../../../key-codec.ts';
import { DEAD_LETTERS } from '../redis-dead-letters.ts';
import { type Reply, fields, items, key as keyOf, number, text } from '../reply.ts';
import { loadScript } from '../scripts/load-script.ts';
import type { BlockingPop } from './blocking-pop.ts';
import type { Member } from './member.ts';
import type { Presence } from './presence.ts';
import { LEASE_MS, register } from './registration.ts';

const OPEN = loadScript('open');
const REQUEUE = loadScript('requeue');
const SURVIVED = loadScript('survived');
const BEAT = loadScript('beat');
const RECOVER = loadScript('recover');
const TAKE_OVER = loadScript('take-over');
const UNREGISTER = loadScript('unregister');

export interface RedisJobQueueOptions {
  readonly member: Member;
  readonly blockingPop: BlockingPop;
  readonly presence: Presence;
  readonly clock: Clock;
  /** How long children stay that have ended, once their parent has. */
  readonly expireSeconds: number;
}

/** Longer values of a hash cannot be meant: they are left where they are. */
const LONGEST_FIELD = 64 * 1024;
/** Keys in one call, so that no call keeps Redis from others for long. */
const RECOVERED = 100;
const BEATEN = 1000;
/** The Kiosk's janitor takes jobs away that were not marked for 15 s. */
const MARK_MS = 3000;
/** After a pause all leases have run out, those of living peers too: they get this long to renew theirs. */
const PEERS_RETURN_MS = 10_000;
const PAUSE_MS = 5000;

/** The queue of one job type in Redis, and the processing list and lease of this process. */
export class RedisJobQueue implements JobQueue {
  readonly #options: RedisJobQueueOptions;
  readonly #member: Member;
  #markedAt = -Infinity;
  #beatAt = -Infinity;
  #trustsLeasesFrom = -Infinity;
  #hasLeft = false;

  constructor(options: RedisJobQueueOptions) {
    this.#options = options;
    this.#member = options.member;
  }

  get name(): string {
    return this.#member.queue;
  }

  async register(signal: AbortSignal): Promise<void> {
    const { member, presence, clock } = this.#options;
    this.#hasLeft = false;
    await register({ member, presence, clock, signal });
    this.#beatAt = clock.monotonic();
    this.#trustsLeasesFrom = this.#beatAt + PEERS_RETURN_MS;
  }

  async pop(signal: AbortSignal): Promise<string | undefined> {
    const key = await this.#options.blockingPop.pop(signal);
    if (!signal.aborted) return key;
    if (key !== undefined) await this.#recover([key]);
    throw classify(signal.reason);
  }

  async open(key: string, { heldHere, alone }: Opening): Promise<OpenedKey> {
    const resultId = randomBytes(16).toString('hex');
    const words = [key, heldHere ? 1 : 0, alone ? 1 : 0, resultId, LONGEST_FIELD];
    return openedKey(key, items(await this.#member.run(OPEN, words)));
  }

  async requeue({ key, token }: Claim, place: QueuePlace = 'next'): Promise<boolean> {
    const words = [key, token, place === 'last' ? 1 : 0];
    return number(await this.#member.run(REQUEUE, words)) === 1;
  }

  async survived({ key, token }: Claim): Promise<void> {
    await this.#member.run(SURVIVED, [key, token]);
  }

  async beat(claims: readonly Claim[]): Promise<Heartbeat> {
    const { clock } = this.#options;
    const now = clock.monotonic();
    const marks = now - this.#markedAt >= MARK_MS;
    const lost: string[] = [];
    let twin = false;
    for (let start = 0; start === 0 || start < claims.length; start += BEATEN) {
      const beaten = await this.#beat(claims.slice(start, start + BEATEN), marks);
      lost.push(...beaten.lost);
      twin ||= beaten.twin;
    }
    if (now - this.#beatAt > PAUSE_MS) this.#trustsLeasesFrom = now + PEERS_RETURN_MS;
    this.#beatAt = now;
    if (marks) this.#markedAt = now;
    return { lost, twin };
  }

  async recoverOwn(held: Iterable<string>): Promise<TakenOver> {
    const { link, list, queue, owner, host } = this.#member;
    const claims = encodeKey(`kiosk:claims:${queue}:${owner}`);
    const [entries, claimed] = await link.ask((redis) =>
      Promise.all([redis.lrangeBuffer(encodeKey(list), 0, -1), redis.smembersBuffer(claims)]),
    );
    const keys = new Set([...entries, ...claimed].map(decodeKey));
    for (const key of held) keys.delete(key);
    return { keys: await this.#recover([...keys]), from: host };
  }

  async takeOverDead(): Promise<TakenOver | undefined> {
    if (this.#options.clock.monotonic() < this.#trustsLeasesFrom) return undefined;
    const [host, keys] = items(await this.#member.run(TAKE_OVER, [RECOVERED]));
    if (host === undefined) return undefined;
    return { keys: items(keys).map(keyOf), from: keyOf(host) };
  }

  async unregister(): Promise<TakenOver> {
    const recovered = await this.recoverOwn([]);
    this.#hasLeft = true;
    await this.#member.run(UNREGISTER, []);
    return recovered;
  }

  async depth(): Promise<QueueDepth> {
    const { link, queue, list } = this.#member;
    const [waiting, held, deadLetters] = await link.ask((redis) =>
      Promise.all([
        redis.llen(encodeKey(queue)),
        redis.llen(encodeKey(list)),
        redis.zcard(encodeKey(`${DEAD_LETTERS}${queue}`)),
      ]),
    );
    return { waiting, held, deadLetters };
  }

  problem(): string | undefined {
    return this.#member.link.problem();
  }

  async close(): Promise<void> {
    this.#options.blockingPop.close();
  }

  async #beat(claims: readonly Claim[], marks: boolean): Promise<Heartbeat> {
    if (this.#hasLeft) return { lost: [], twin: false };
    const { presence, expireSeconds } = this.#options;
    const words = [LEASE_MS, JSON.stringify(presence), marks ? 1 : 0, expireSeconds];
    const claimed = claims.flatMap(({ key, token }) => [key, token]);
    const [lost, twin] = items(await this.#member.run(BEAT, [...words, ...claimed]));
    return { lost: items(lost).map(keyOf), twin: number(twin) === 1 };
  }

  async #recover(keys: readonly string[]): Promise<string[]> {
    const recovered: string[] = [];
    for (let start = 0; start < keys.length; start += RECOVERED) {
      const some = keys.slice(start, start + RECOVERED);
      recovered.push(...items(await this.#member.run(RECOVER, some)).map(keyOf));
    }
    return recovered;
  }
}

function openedKey(key: string, reply: readonly Reply[]): OpenedKey {
  const [kind, ...rest] = reply;
  switch (text(kind)) {
    case 'opened': {
      const [token, crashes, counted, found, tooLong] = rest;
      return {
        kind: 'opened',
        claim: { key, token: number(token) },
        fields: fields(found),
        tooLong: items(tooLong).map(text),
        crashes: number(crashes),
        counted: number(counted) === 1,
      };
    }
    case 'held':
      return { kind: 'held', by: keyOf(rest[0]) };
    case 'gone':
      return { kind: 'gone' };
    case 'finished':
      return { kind: 'finished' };
    default:
      return { kind: 'moved' };
  }
}
