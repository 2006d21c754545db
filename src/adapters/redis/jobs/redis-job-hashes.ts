import type { Claim, FieldUpdates, JobHashes, Settled } from '../../../ports.ts';
import { encodeKey } from '../../../key-codec.ts';
import { items, number, oneOf } from '../reply.ts';
import { loadScript } from '../scripts/load-script.ts';
import type { Member } from './member.ts';

const UPDATE = loadScript('update');
const SETTLE = loadScript('settle');
const SETTLED: readonly Settled[] = ['written', 'lost', 'gone'];
const CLOSE_FAMILY = loadScript('family/close-family');
/** Children in one call. */
const FAMILY_PART = 500;

export class RedisJobHashes implements JobHashes {
  readonly #member: Member;
  readonly #expireSeconds: number;

  /** `expireSeconds`: how long children stay that have ended, once their parent has. */
  constructor(member: Member, expireSeconds: number) {
    this.#member = member;
    this.#expireSeconds = expireSeconds;
  }

  async exists(key: string): Promise<boolean> {
    return (await this.#member.link.ask((redis) => redis.exists(encodeKey(key)))) === 1;
  }

  async update({ key, token }: Claim, fields: FieldUpdates): Promise<boolean> {
    const words = [key, token, ...Object.entries(fields).flat()];
    return number(await this.#member.run(UPDATE, words)) === 1;
  }

  async settle(claim: Claim, fields: FieldUpdates): Promise<Settled> {
    return this.#end(claim, fields, 0);
  }

  async bury(claim: Claim, fields: FieldUpdates): Promise<Settled> {
    return this.#end(claim, fields, 1);
  }

  async #end({ key, token }: Claim, fields: FieldUpdates, buried: 0 | 1): Promise<Settled> {
    const words = [key, token, buried, ...Object.entries(fields).flat()];
    const [settled, hasChildren] = items(await this.#member.run(SETTLE, words));
    // The outcome is written. What follows goes on with the heartbeats, of whichever consumer, should it fail here.
    if (number(hasChildren) === 1) await this.#closeFamily(key).catch(() => undefined);
    return oneOf(settled, SETTLED, 'lost');
  }

  async #closeFamily(parent: string): Promise<void> {
    const words = [parent, FAMILY_PART, this.#expireSeconds];
    while (number(await this.#member.link.run(CLOSE_FAMILY, [], words)) !== 1);
  }
}
