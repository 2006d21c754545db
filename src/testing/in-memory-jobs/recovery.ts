import type { TakenOver } from '../../ports.ts';
import { type Member, hostOf, listOf, ownerOf, recover } from './claims.ts';
import type { JobState } from './state.ts';

/** Gives back what our list holds, or what we have claimed, of keys that are not held. */
export function recoverOwn(state: JobState, member: Member, held: ReadonlySet<string>): TakenOver {
  const entries = state.entries(listOf(member));
  const claimed = state.claimsOf(member.queue, member.owner);
  const strays = new Set([...entries, ...claimed]);
  const keys = [...strays].filter((key) => !held.has(key) && recover(state, member, key, true));
  return { keys, from: member.host };
}

/**
 * Gives back what one dead peer held, and forgets the peer. Entries of a consumer without claims stay where
 * they are.
 */
export function takeOverDead(state: JobState, member: Member): TakenOver | undefined {
  const leases = state.leasesOf(member.queue);
  const owner = [...leases.keys()].find(
    (other) => other !== member.owner && !state.isAlive(member.queue, other),
  );
  if (owner === undefined) return undefined;
  const dead = { queue: member.queue, host: hostOf(owner), owner };
  const hasNamesake = [...leases.keys()].some(
    (other) => other !== owner && hostOf(other) === dead.host && state.isAlive(dead.queue, other),
  );
  const isLeftBehind = (key: string): boolean => {
    const hash = state.hash(key);
    const claimedBy = ownerOf(hash, key);
    const isDead = claimedBy !== undefined && !state.isAlive(member.queue, claimedBy);
    if (isDead && hostOf(claimedBy) === dead.host) return true;
    return !hasNamesake && hash?.get('updated_by') !== dead.host;
  };
  const entries = state.entries(listOf(dead)).filter(isLeftBehind);
  const claimed = state.claimsOf(dead.queue, owner);
  const strays = new Set([...entries, ...claimed]);
  const keys = [...strays].filter((key) => recover(state, dead, key, false));
  state.forget(dead.queue, owner, dead.host);
  return { keys, from: dead.host };
}
