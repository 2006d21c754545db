import type { Claim, QueuePlace } from '../../ports.ts';
import type { Hash, JobState } from './state.ts';

/** One process as a consumer of one queue. */
export interface Member {
  readonly queue: string;
  readonly host: string;
  /** `<random>@<host>`, so that the host follows from it. */
  readonly owner: string;
}

/** Crashes from which on a job goes to the end of its queue, and must run alone. */
export const SUSPECT = 2;

export function listOf({ queue, host }: Pick<Member, 'queue' | 'host'>): string {
  return `processing-${queue}:${host}`;
}

export function hostOf(owner: string): string {
  return owner.slice(owner.indexOf('@') + 1);
}

/**
 * Who claimed a job last. A consumer without claims copies all fields of a parent to its children: they do
 * not count there.
 */
export function ownerOf(hash: Hash | undefined, key: string): string | undefined {
  return hash?.get('claim_key') === key ? hash.get('claim_owner') : undefined;
}

export function isFinished(hash: Hash): boolean {
  return hash.get('status') === 'done' || hash.get('status') === 'failed';
}

export function numberIn(hash: Hash, field: string): number {
  return Number(hash.get(field) ?? 0);
}

/**
 * The host of another consumer that works on a job: by its lease, or, for one without leases, by its
 * processing list.
 */
export function holderOf(state: JobState, member: Member, key: string): string | undefined {
  const hash = state.hash(key);
  const owner = ownerOf(hash, key);
  if (owner !== undefined && owner !== member.owner && state.isAlive(member.queue, owner)) {
    return hostOf(owner);
  }
  const host = hash?.get('updated_by');
  if (host === undefined || host === member.host) return undefined;
  return state.count(listOf({ queue: member.queue, host }), key) > 0 ? host : undefined;
}

/** Whether a claim still holds. `settled`: it has written the outcome. */
export function check(
  state: JobState,
  member: Member,
  { key, token }: Claim,
): 'ours' | 'lost' | 'gone' | 'settled' {
  const hash = state.hash(key);
  if (hash === undefined) return 'gone';
  const stored = numberIn(hash, 'claim_token');
  const isOurs = hash.get('claim_owner') === member.owner && hash.get('updated_by') === member.host;
  if (isFinished(hash)) return stored === token && isOurs ? 'settled' : 'lost';
  if (stored > token) return 'lost';
  if (stored === token) return isOurs ? 'ours' : 'lost';
  return reclaim(state, member, { key, token }) ? 'ours' : 'lost';
}

/**
 * A fail-over has lost our claim: it is ours again unless somebody else has the job. If our record of the claim
 * is still there, the job was deleted, and this is another one of its key.
 */
function reclaim(state: JobState, member: Member, { key, token }: Claim): boolean {
  const claims = state.claimsOf(member.queue, member.owner);
  if (ownerOf(state.hash(key), key) === undefined && claims.has(key)) {
    state.write(key, { claim_key: key, claim_token: String(token) });
    return false;
  }
  if (holderOf(state, member, key) !== undefined) return false;
  const list = listOf(member);
  if (state.count(list, key) === 0 && state.take(member.queue, key) === 0) return false;
  state.hold(list, key);
  state.write(key, {
    claim_key: key,
    claim_token: String(token),
    claim_owner: member.owner,
    updated_by: member.host,
  });
  claims.add(key);
  return true;
}

/** Takes back an attempt that did not end in a crash. Once a claim. */
export function uncount(hash: Hash): void {
  if (hash.get('claim_counted') !== '1') return;
  hash.set('attempts', String(Math.max(0, numberIn(hash, 'attempts') - 1)));
  hash.set('claim_counted', '0');
}

/**
 * Remembers a counted claim whose holder has gone without a word. Its attempt stays counted, as a crash,
 * unless the holder turns out to live.
 */
export function noteCrash(hash: Hash): void {
  const owner = hash.get('claim_owner');
  if (hash.get('claim_counted') !== '1' || owner === undefined) return;
  const claims = [...crashesIn(hash), `${hash.get('claim_token')}:${owner}`];
  hash.set('claim_crashes', claims.join(' '));
}

/** Takes back the attempt of a claim that was lost while its holder lived; once, and not of a job that has ended. */
export function survived(state: JobState, { owner }: Member, { key, token }: Claim): void {
  const hash = state.hash(key);
  if (hash === undefined || isFinished(hash) || hash.get('claim_key') !== key) return;
  const claims = crashesIn(hash);
  const others = claims.filter((claim) => claim !== `${token}:${owner}`);
  if (others.length === claims.length) return;
  hash.delete('claim_crashes');
  if (others.length > 0) hash.set('claim_crashes', others.join(' '));
  hash.set('attempts', String(Math.max(0, numberIn(hash, 'attempts') - 1)));
}

function crashesIn(hash: Hash): string[] {
  return (hash.get('claim_crashes') ?? '').split(' ').filter((claim) => claim !== '');
}

/** Whether this process has claimed the job again since: what is done for the old claim must not touch the new one. */
export function isClaimedAnew(state: JobState, member: Member, { key, token }: Claim): boolean {
  const hash = state.hash(key);
  if (hash === undefined || ownerOf(hash, key) !== member.owner) return false;
  return hash.get('updated_by') === member.host && numberIn(hash, 'claim_token') > token;
}

/**
 * Gets rid of our entry of a job that a claim has lost: its holder has one; without a holder it goes back to
 * the queue.
 */
export function release(state: JobState, member: Member, lost: Claim): void {
  if (isClaimedAnew(state, member, lost)) return;
  const { key } = lost;
  const list = listOf(member);
  state.claimsOf(member.queue, member.owner).delete(key);
  const hash = state.hash(key);
  if (hash === undefined || isFinished(hash)) {
    state.take(list, key);
    return;
  }
  const host = holderOf(state, member, key);
  if (host === member.host) return;
  const had = state.take(list, key) > 0;
  if (host !== undefined) state.hold(listOf({ ...member, host }), key);
  else if (had) requeue(state, member.queue, key);
}

/**
 * Puts a key back into its queue as the next to be taken, or as the last; one that is suspected of crashes
 * always as the last.
 */
export function requeue(
  state: JobState,
  queue: string,
  key: string,
  place: QueuePlace = 'next',
): void {
  const hash = state.hash(key);
  state.take(queue, key);
  if (hash) noteCrash(hash);
  for (const field of ['claim_owner', 'updated_by']) hash?.delete(field);
  hash?.set('updated_at', state.timestamp());
  const isSuspect = hash !== undefined && numberIn(hash, 'attempts') >= SUSPECT;
  if (isSuspect || place === 'last') state.pushLeft(queue, key);
  else state.pushRight(queue, key);
}

/** Gives one key back that `from` holds and does not work on. True if it went back to its queue. */
export function recover(state: JobState, from: Member, key: string, abandoned: boolean): boolean {
  const list = listOf(from);
  const hash = state.hash(key);
  const claims = state.claimsOf(from.queue, from.owner);
  const isClaimed = claims.delete(key) && ownerOf(hash, key) === from.owner;
  if (hash === undefined || isFinished(hash)) {
    state.take(list, key);
    return false;
  }
  const host = holderOf(state, from, key);
  if (host !== undefined) {
    if (host !== from.host) {
      state.take(list, key);
      state.hold(listOf({ ...from, host }), key);
    }
    return false;
  }
  if (state.take(list, key) === 0 && !isClaimed) return false;
  if (abandoned && ownerOf(hash, key) === from.owner) uncount(hash);
  requeue(state, from.queue, key);
  return true;
}
