import type {
  ChildJob,
  Claim,
  EndedChild,
  FamilyCounts,
  JobFamilies,
  Parked,
  Parking,
} from '../../ports.ts';
import {
  type Member,
  check,
  hostOf,
  isFinished,
  listOf,
  numberIn,
  requeue,
  uncount,
} from './claims.ts';
import type { Answering } from './answering.ts';
import { discard, discardNoted, discardResults, hasEnded } from './objects.ts';
import type { Family, Hash, JobState } from './state.ts';

interface FamilyOptions extends Answering {
  readonly member: Member;
  readonly childrenInQueue: number;
}

const CHILD_EXPIRY_SECONDS = 3 * 86_400;

export class InMemoryFamilies implements JobFamilies {
  readonly #options: FamilyOptions;

  constructor(options: FamilyOptions) {
    this.#options = options;
  }

  async submit(parent: Claim, children: readonly ChildJob[]): Promise<boolean> {
    const { state, member, ask, childrenInQueue } = this.#options;
    return ask(() => {
      if (check(state, member, parent) !== 'ours') return false;
      const family = familyOf(state, parent.key);
      for (const child of children) {
        if (setOf(family, child.key) !== undefined) continue;
        createChild(state, parent.key, child);
        if (child.failed) family.failed.set(child.key, child.place);
        else if (family.open.size < childrenInQueue) {
          family.open.set(child.key, child.place);
          state.pushLeft(child.queue, child.key);
        } else family.pending.set(child.key, child.place);
      }
      return true;
    });
  }

  async park(parent: Claim, parking: Parking): Promise<Parked> {
    const { state, member, ask } = this.#options;
    return ask(() => {
      const hash = state.hash(parent.key);
      if (hash === undefined || check(state, member, parent) !== 'ours') return 'lost';
      const family = familyOf(state, parent.key);
      if (sizeOf(family) < parking.total) {
        hash.delete('children:total');
        return 'short';
      }
      state.write(parent.key, { ...parking.fields, 'children:total': String(parking.total) });
      report(hash, family);
      if (isReady(family, parking.wakeOnFailure)) return 'ready';
      state.write(parent.key, {
        parked: listOf(member),
        parked_wake: parking.wakeOnFailure ? '1' : '0',
        updated_at: state.timestamp(),
      });
      uncount(hash);
      return 'parked';
    });
  }

  async sweep(parent: Claim): Promise<FamilyCounts> {
    const { state, ask } = this.#options;
    return ask(() => {
      const family = familyOf(state, parent.key);
      for (const key of family.open.keys()) {
        const hash = state.hash(key);
        if (hash === undefined || isFinished(hash)) {
          endMember(state, parent.key, key, hash?.get('status') === 'done' ? 'done' : 'failed');
        }
      }
      wakeIfReady(state, parent.key);
      const open = family.open.size + family.pending.size;
      const hash = state.hash(parent.key);
      const parked = hash === undefined || isFinished(hash) || hash.has('parked');
      return { parked, open, done: family.done.size, failed: family.failed.size };
    });
  }

  async queueAll(): Promise<void> {
    const { state, member, ask } = this.#options;
    return ask(() => {
      const owners = [...state.leasesOf(member.queue).keys()];
      if (owners.some((owner) => owner !== member.owner && state.isAlive(member.queue, owner))) {
        return;
      }
      const names = [...state.lists.keys()];
      const isOurs = (name: string): boolean =>
        name === member.queue || name.startsWith(listOf({ queue: member.queue, host: '' }));
      for (const parent of names.filter(isOurs).flatMap((name) => state.entries(name))) {
        const hash = state.hash(parent);
        const family = state.families.get(parent);
        if (hash === undefined || isFinished(hash)) continue;
        while (family !== undefined && family.pending.size > 0) promote(state, family);
      }
    });
  }

  async noteObjects(parent: Claim, objects: readonly string[]): Promise<boolean> {
    const { state, member, ask } = this.#options;
    return ask(() => {
      if (check(state, member, parent) !== 'ours') return false;
      for (const object of objects) {
        state.objectsOf(parent.key).add(object);
        state.temporary.delete(object);
      }
      return true;
    });
  }

  async notedObjects({ key }: Claim): Promise<readonly string[]> {
    const { state, ask } = this.#options;
    return ask(() => [...(state.objects.get(key) ?? [])]);
  }

  async forgetNoted({ key }: Claim, objects: readonly string[]): Promise<void> {
    const { state, ask } = this.#options;
    return ask(() => {
      for (const object of objects) state.objects.get(key)?.delete(object);
    });
  }

  async dropObjects({ key }: Claim, objects: readonly string[]): Promise<void> {
    const { state, ask } = this.#options;
    return ask(() => void (hasEnded(state, key) && discard(state, objects)));
  }

  async temporaryObjects(): Promise<readonly string[]> {
    const { state, ask } = this.#options;
    return ask(() => [...state.temporary]);
  }

  async forgetObjects(objects: readonly string[]): Promise<void> {
    const { state, ask } = this.#options;
    return ask(() => {
      for (const object of objects) state.temporary.delete(object);
    });
  }

  async *children(parent: Claim, names: readonly string[]): AsyncIterable<EndedChild> {
    const { state, ask } = this.#options;
    const ended = await ask(() => {
      const { done, failed } = familyOf(state, parent.key);
      const list = (set: Map<string, number>, outcome: EndedChild['outcome']) =>
        [...set].map(([key, place]) => ({ key, place, outcome }));
      return [...list(done, 'done'), ...list(failed, 'failed')];
    });
    for (const child of ended.toSorted((one, other) => one.place - other.place)) {
      const hash = await ask(() => state.hash(child.key));
      const fields = [...(hash ?? [])].filter(([name]) => names.includes(name));
      yield { ...child, fields: Object.fromEntries(fields) };
    }
  }
}

/** Tells the parent of a job, if it has one, that the job has ended. */
export function endChild(state: JobState, key: string, outcome: 'done' | 'failed'): void {
  const parent = state.hash(key)?.get('parent');
  if (parent !== undefined && state.families.has(parent)) endMember(state, parent, key, outcome);
}

/** Deletes what is left of the families whose parents have ended or are gone. */
export function cleanUp(state: JobState, expireSeconds = 3600): void {
  for (const [parent, family] of state.families) {
    const hash = state.hash(parent);
    if (hash !== undefined && !isFinished(hash)) continue;
    if (hash?.get('status') !== 'done') discardResults(state, family);
    for (const key of [...family.open.keys(), ...family.pending.keys()]) removeChild(state, key);
    for (const key of [...family.done.keys(), ...family.failed.keys()]) {
      if (state.hash(key)) state.expiries.set(key, expireSeconds);
    }
    state.families.delete(parent);
  }
  discardNoted(state);
}

/** A child in the hands of a consumer without claims will be written again: it expires instead. */
function removeChild(state: JobState, key: string): void {
  const hash = state.hash(key);
  const by = hash?.get('updated_by');
  const owner = hash?.get('claim_owner');
  const isForeign = by !== undefined && (owner === undefined || hostOf(owner) !== by);
  const hasFamily = state.families.has(key);
  if (hasFamily && hash !== undefined) {
    hash.set('status', 'failed').set('reason', 'The job that it is a part of has ended.');
    for (const name of ['claim_owner', 'parked', 'parked_wake']) hash.delete(name);
  }
  if (isForeign || hasFamily) state.expiries.set(key, 3600);
  else state.remove(key);
}

function endMember(state: JobState, parent: string, key: string, outcome: 'done' | 'failed'): void {
  const family = familyOf(state, parent);
  const place = family.open.get(key) ?? family.pending.get(key);
  if (place === undefined) return;
  family.open.delete(key);
  family.pending.delete(key);
  family[outcome].set(key, place);
  promote(state, family);
  const hash = state.hash(parent);
  if (hash === undefined || isFinished(hash)) return;
  report(hash, family);
  wakeIfReady(state, parent);
}

/** Lets the next child into its queue. */
function promote(state: JobState, family: Family): void {
  for (const [key, place] of [...family.pending].toSorted(([, one], [, other]) => one - other)) {
    family.pending.delete(key);
    const queue = state.hash(key)?.get('child_queue');
    if (queue !== undefined) {
      family.open.set(key, place);
      state.pushLeft(queue, key);
      return;
    }
    family.failed.set(key, place);
  }
}

function wakeIfReady(state: JobState, parent: string): void {
  const hash = state.hash(parent);
  const list = hash?.get('parked');
  if (hash === undefined || list === undefined || isFinished(hash)) return;
  if (!isReady(familyOf(state, parent), hash.get('parked_wake') === '1')) return;
  const queue = /^processing-([^:]*):/.exec(list)?.[1] ?? '';
  for (const field of ['parked', 'parked_wake']) hash.delete(field);
  const owner = hash.get('claim_owner');
  if (owner !== undefined) state.claimsOf(queue, owner).delete(parent);
  const by = hash.get('updated_by');
  const theirs = by === undefined ? '' : listOf({ queue, host: by });
  if (theirs !== list && state.count(theirs, parent) > 0) return;
  state.take(list, parent);
  requeue(state, queue, parent);
}

function sizeOf({ open, pending, done, failed }: Family): number {
  return open.size + pending.size + done.size + failed.size;
}

function isReady({ open, pending, failed }: Family, wakeOnFailure: boolean): boolean {
  return open.size + pending.size === 0 || (wakeOnFailure && failed.size > 0);
}

/** Writes how far a family is; never less than before. */
function report(hash: Hash, { done, failed }: Family): void {
  hash.set('children:done', String(done.size));
  hash.set('children:failed', String(failed.size));
  const total = numberIn(hash, 'children:total');
  if (total === 0) return;
  const percent = Math.min(99, Math.floor((100 * (done.size + failed.size)) / total));
  hash.set('progress', String(Math.max(percent, numberIn(hash, 'progress'))));
}

function createChild(state: JobState, parent: string, child: ChildJob): void {
  const { key, queue, place, fields } = child;
  state.remove(key);
  state.write(key, {
    ...fields,
    claim_key: key,
    parent,
    place: String(place),
    child_queue: queue,
  });
  state.expiries.set(key, CHILD_EXPIRY_SECONDS);
}

function familyOf(state: JobState, parent: string): Family {
  const empty = { open: new Map(), pending: new Map(), done: new Map(), failed: new Map() };
  const family = state.families.get(parent) ?? empty;
  state.families.set(parent, family);
  return family;
}

function setOf(family: Family, key: string): Map<string, number> | undefined {
  return Object.values(family).find((set: Map<string, number>) => set.has(key));
}
