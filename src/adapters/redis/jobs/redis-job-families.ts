import type {
  ChildJob,
  Claim,
  EndedChild,
  FamilyCounts,
  JobFamilies,
  Parked,
  Parking,
} from '../../../ports.ts';
import { decodeKey, encodeKey } from '../../../key-codec.ts';
import { type Reply, items, key, number, oneOf, text } from '../reply.ts';
import { escaped, scanKeys } from '../scan-keys.ts';
import { loadScript } from '../scripts/load-script.ts';
import type { Member } from './member.ts';

const SUBMIT_CHILDREN = loadScript('family/submit-children');
const PARK = loadScript('family/park');
const SWEEP = loadScript('family/sweep');
const QUEUE_CHILDREN = loadScript('family/queue-children');
const READ_CHILDREN = loadScript('family/read-children');
const NOTE_OBJECTS = loadScript('family/note-objects');
const DROP_OBJECTS = loadScript('family/drop-objects');

/** Children in one call, so that no call keeps Redis from others for long. */
const CREATED = 100;
const SWEPT = 500;
const READ = 200;
const QUEUED = 1000;
/** Keys of a list that are read at a time. */
const LISTED = 500;
/** Objects in one call. */
const OBJECTS = 100;
const TEMPORARY = 'kiosk:temporary';
const PARKED: readonly Parked[] = ['parked', 'ready', 'short'];
const FROM_THE_START = '-inf';

export class RedisJobFamilies implements JobFamilies {
  readonly #member: Member;
  readonly #childrenInQueue: number;
  /** The place to go on from, of parents that are too large for one sweep. */
  readonly #sweptTo = new Map<string, string>();

  constructor(member: Member, childrenInQueue: number) {
    this.#member = member;
    this.#childrenInQueue = childrenInQueue;
  }

  async submit(parent: Claim, children: readonly ChildJob[]): Promise<boolean> {
    for (let start = 0; start < children.length; start += CREATED) {
      const some = children.slice(start, start + CREATED).flatMap(childWords);
      const words = [parent.key, parent.token, this.#childrenInQueue, ...some];
      if (number(await this.#member.run(SUBMIT_CHILDREN, words)) !== 1) return false;
    }
    return true;
  }

  async park(parent: Claim, { total, wakeOnFailure, fields }: Parking): Promise<Parked> {
    const wakes = wakeOnFailure ? 1 : 0;
    const words = [parent.key, parent.token, total, wakes, ...Object.entries(fields).flat()];
    return oneOf(await this.#member.run(PARK, words), PARKED, 'lost');
  }

  async sweep(parent: Claim): Promise<FamilyCounts> {
    const from = this.#sweptTo.get(parent.key) ?? FROM_THE_START;
    const words = [parent.key, from, SWEPT];
    const [open, done, failed, next, isStray] = items(
      await this.#member.link.run(SWEEP, [], words),
    );
    const nextPlace = text(next);
    if (nextPlace === FROM_THE_START) this.#sweptTo.delete(parent.key);
    else this.#sweptTo.set(parent.key, nextPlace);
    const parked = number(isStray) === 0;
    return { parked, open: number(open), done: number(done), failed: number(failed) };
  }

  async queueAll(): Promise<void> {
    const { link, queue } = this.#member;
    if (!(await this.#queueChildren([]))) return;
    if (!(await this.#queueChildrenIn(queue))) return;
    for await (const lists of scanKeys(link, escaped(`processing-${queue}:`))) {
      for (const list of lists) if (!(await this.#queueChildrenIn(list))) return;
    }
  }

  async noteObjects({ key: parent, token }: Claim, objects: readonly string[]): Promise<boolean> {
    if (objects.length === 0) return true;
    return number(await this.#member.run(NOTE_OBJECTS, [parent, token, ...objects])) === 1;
  }

  async notedObjects({ key: parent }: Claim): Promise<readonly string[]> {
    return this.#someOf(notedBy(parent));
  }

  async forgetNoted({ key: parent }: Claim, objects: readonly string[]): Promise<void> {
    await this.#remove(notedBy(parent), objects);
  }

  async dropObjects({ key: parent }: Claim, objects: readonly string[]): Promise<void> {
    if (objects.length === 0) return;
    await this.#member.link.run(DROP_OBJECTS, [], [parent, ...objects]);
  }

  async temporaryObjects(): Promise<readonly string[]> {
    return this.#someOf(TEMPORARY);
  }

  async forgetObjects(objects: readonly string[]): Promise<void> {
    await this.#remove(TEMPORARY, objects);
  }

  async *children(parent: Claim, names: readonly string[]): AsyncIterable<EndedChild> {
    for (let after = FROM_THE_START; ;) {
      const words = [parent.key, after, READ, ...names];
      const page = items(await this.#member.link.run(READ_CHILDREN, [], words));
      for (const child of page) yield endedChild(child, names);
      if (page.length < READ) return;
      after = `(${text(items(page.at(-1))[1])}`;
    }
  }

  /** False if it is for somebody else to do. Keys that come meanwhile stand before those that were not read yet. */
  async #queueChildrenIn(list: string): Promise<boolean> {
    const { link } = this.#member;
    for (let start = 0; ; start += LISTED) {
      const page = await link.ask((redis) =>
        redis.lrangeBuffer(encodeKey(list), start, start + LISTED - 1),
      );
      if (!(await this.#queueChildren(page.map(decodeKey)))) return false;
      if (page.length < LISTED) return true;
    }
  }

  async #queueChildren(parents: readonly string[]): Promise<boolean> {
    let more = 1;
    while (more === 1) more = number(await this.#member.run(QUEUE_CHILDREN, [QUEUED, ...parents]));
    return more === 0;
  }

  async #someOf(set: string | Buffer): Promise<readonly string[]> {
    const { link } = this.#member;
    const found = await link.ask((redis) => redis.srandmemberBuffer(set, OBJECTS));
    return (found ?? []).map(decodeKey);
  }

  async #remove(set: string | Buffer, objects: readonly string[]): Promise<void> {
    if (objects.length === 0) return;
    await this.#member.link.ask((redis) => redis.srem(set, ...objects.map(encodeKey)));
  }
}

/** The set of what a parent has noted; see scripts/parts/family.lua. */
function notedBy(parent: string): Buffer {
  return encodeKey(`kiosk:family:${parent}:objects`);
}

function childWords({ key: child, queue, place, failed, fields }: ChildJob): (string | number)[] {
  const entries = Object.entries(fields);
  return [child, queue, place, failed ? 1 : 0, entries.length, ...entries.flat()];
}

function endedChild(reply: Reply, names: readonly string[]): EndedChild {
  const [child, place, outcome, values] = items(reply);
  const found = items(values);
  return {
    key: key(child),
    place: number(place),
    outcome: text(outcome) === 'done' ? 'done' : 'failed',
    fields: Object.fromEntries(
      names.flatMap((name, index) => {
        const value = found[index] ?? null;
        return value === null ? [] : [[name, text(value)]];
      }),
    ),
  };
}
