import type {
  ChildJob,
  Claim,
  EndedChild,
  FamilyCounts,
  JobFamilies,
  Parking,
} from '../../../ports.ts';
import { decodeKey, encodeKey } from '../../../key-codec.ts';
import { type Reply, items, key, number, text } from '../reply.ts';
import { loadScript } from '../scripts/load-script.ts';
import type { Member } from './member.ts';

const SUBMIT_CHILDREN = loadScript('submit-children');
const PARK = loadScript('park');
const SWEEP = loadScript('sweep');
const QUEUE_CHILDREN = loadScript('queue-children');
const READ_CHILDREN = loadScript('read-children');

/** Children in one call, so that no call keeps Redis from others for long. */
const CREATED = 100;
const SWEPT = 500;
const READ = 200;
const QUEUED = 1000;
/** Objects in one call. */
const OBJECTS = 100;
const TEMPORARY = 'kiosk:temporary';
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

  async park(
    parent: Claim,
    { total, wakeOnFailure, fields }: Parking,
  ): Promise<'parked' | 'ready' | 'lost'> {
    const wakes = wakeOnFailure ? 1 : 0;
    const words = [parent.key, parent.token, total, wakes, ...Object.entries(fields).flat()];
    const answer = text(await this.#member.run(PARK, words));
    return answer === 'parked' || answer === 'ready' ? answer : 'lost';
  }

  async sweep(parent: Claim): Promise<FamilyCounts> {
    const from = this.#sweptTo.get(parent.key) ?? FROM_THE_START;
    const words = [parent.key, from, SWEPT];
    const [open, done, failed, next] = items(await this.#member.link.run(SWEEP, [], words));
    const nextPlace = text(next);
    if (nextPlace === FROM_THE_START) this.#sweptTo.delete(parent.key);
    else this.#sweptTo.set(parent.key, nextPlace);
    return { open: number(open), done: number(done), failed: number(failed) };
  }

  async queueAll(parent: string): Promise<void> {
    let more = 1;
    while (more === 1) more = number(await this.#member.run(QUEUE_CHILDREN, [parent, QUEUED]));
  }

  async temporaryObjects(): Promise<readonly string[]> {
    const found = await this.#member.link.ask((redis) =>
      redis.srandmemberBuffer(TEMPORARY, OBJECTS),
    );
    return (found ?? []).map(decodeKey);
  }

  async forgetObjects(objects: readonly string[]): Promise<void> {
    if (objects.length === 0) return;
    await this.#member.link.ask((redis) => redis.srem(TEMPORARY, ...objects.map(encodeKey)));
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
