import type { Clock } from '../../ports.ts';

export type Hash = Map<string, string>;

/** The children of one parent by what became of them, each with its place. */
export interface Family {
  readonly open: Map<string, number>;
  readonly pending: Map<string, number>;
  readonly done: Map<string, number>;
  readonly failed: Map<string, number>;
}

export interface Letter {
  readonly buriedAt: string;
  readonly reason: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What one server holds: what lies in Redis, as plain maps. A list begins at its left end. */
export class JobState {
  readonly hashes = new Map<string, Hash>();
  /** Keys of another type. */
  readonly texts = new Map<string, string>();
  readonly lists = new Map<string, string[]>();
  /** By queue: when the lease of each owner runs out. */
  readonly leases = new Map<string, Map<string, number>>();
  /** By queue: who registered last under each host name. */
  readonly hosts = new Map<string, Map<string, string>>();
  /** By queue and owner: the keys it has claimed. */
  readonly claims = new Map<string, Set<string>>();
  readonly families = new Map<string, Family>();
  readonly letters = new Map<string, Map<string, Letter>>();
  /** By parent: objects that it has made for its children. */
  readonly objects = new Map<string, Set<string>>();
  /** Objects that nobody needs any more. */
  readonly temporary = new Set<string>();
  /** Seconds after which a hash is deleted, as last set. */
  readonly expiries = new Map<string, number>();
  readonly #clock: Clock;
  readonly #waiters = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now().getTime();
  }

  timestamp(): string {
    return this.#clock.now().toISOString();
  }

  /** The hash of a key; undefined if there is none, or if the key is of another type. */
  hash(key: string): Hash | undefined {
    return this.texts.has(key) ? undefined : this.hashes.get(key);
  }

  write(key: string, fields: Readonly<Record<string, string>>): Hash {
    const hash = this.hashes.get(key) ?? new Map<string, string>();
    for (const [name, value] of Object.entries(fields)) hash.set(name, value);
    this.hashes.set(key, hash);
    return hash;
  }

  remove(key: string): void {
    this.hashes.delete(key);
    this.texts.delete(key);
    this.expiries.delete(key);
  }

  entries(list: string): readonly string[] {
    return [...(this.lists.get(list) ?? [])];
  }

  count(list: string, key: string): number {
    return this.entries(list).filter((entry) => entry === key).length;
  }

  pushLeft(list: string, key: string): void {
    this.lists.set(list, [key, ...(this.lists.get(list) ?? [])]);
    this.#wake();
  }

  pushRight(list: string, key: string): void {
    this.lists.set(list, [...(this.lists.get(list) ?? []), key]);
    this.#wake();
  }

  /** Moves the last entry of a list to the front of another. */
  move(from: string, to: string): string | undefined {
    const entries = this.entries(from);
    const key = entries.at(-1);
    if (key === undefined) return undefined;
    this.#set(from, entries.slice(0, -1));
    this.pushLeft(to, key);
    return key;
  }

  /** Removes all entries of a key; how many there were. */
  take(list: string, key: string): number {
    const entries = this.entries(list);
    const others = entries.filter((entry) => entry !== key);
    this.#set(list, others);
    return entries.length - others.length;
  }

  /** Makes a list hold a key exactly once. */
  hold(list: string, key: string): void {
    if (this.count(list, key) === 1) return;
    this.take(list, key);
    this.pushLeft(list, key);
  }

  leasesOf(queue: string): Map<string, number> {
    return getOrPut(this.leases, queue, () => new Map());
  }

  hostsOf(queue: string): Map<string, string> {
    return getOrPut(this.hosts, queue, () => new Map());
  }

  /** Removes all that is known of a process. */
  forget(queue: string, owner: string, host: string): void {
    this.leasesOf(queue).delete(owner);
    this.claims.delete(`${queue}:${owner}`);
    if (this.hostsOf(queue).get(host) === owner) this.hostsOf(queue).delete(host);
  }

  isAlive(queue: string, owner: string): boolean {
    return (this.leasesOf(queue).get(owner) ?? 0) > this.now();
  }

  claimsOf(queue: string, owner: string): Set<string> {
    return getOrPut(this.claims, `${queue}:${owner}`, () => new Set());
  }

  objectsOf(parent: string): Set<string> {
    return getOrPut(this.objects, parent, () => new Set());
  }

  lettersOf(queue: string): Map<string, Letter> {
    return getOrPut(this.letters, queue, () => new Map());
  }

  queuesWithLetters(): string[] {
    return [...this.letters].flatMap(([queue, { size }]) => (size > 0 ? [queue] : [])).toSorted();
  }

  /** A copy of all there is, for `restore`. */
  save(): readonly ReadonlyMap<string, unknown>[] {
    return structuredClone(this.#maps());
  }

  /** Brings back what was saved: what happened since is lost, as after a fail-over to a replica that lags behind. */
  restore(saved: readonly ReadonlyMap<string, unknown>[]): void {
    for (const [index, map] of this.#maps().entries()) {
      map.clear();
      for (const [key, value] of structuredClone(saved[index] ?? [])) map.set(key, value);
    }
  }

  #maps(): Map<string, unknown>[] {
    const { hashes, texts, lists, leases, hosts, claims, families, objects, letters } = this;
    const { expiries } = this;
    return [hashes, texts, lists, leases, hosts, claims, families, objects, letters, expiries];
  }

  /** Calls back at every push, until the result is called. */
  onPush(listener: () => void): () => void {
    this.#waiters.add(listener);
    return () => this.#waiters.delete(listener);
  }

  #set(list: string, entries: string[]): void {
    if (entries.length > 0) this.lists.set(list, entries);
    else this.lists.delete(list);
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }
}

function getOrPut<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
