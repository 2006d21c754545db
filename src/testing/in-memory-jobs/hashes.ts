import type { Claim, FieldUpdates, JobHashes, Settled } from '../../ports.ts';
import { type Member, check, listOf, release } from './claims.ts';
import { cleanUp, endChild } from './families.ts';
import type { Answering } from './answering.ts';

interface HashOptions extends Answering {
  readonly member: Member;
  readonly expireSeconds: number;
}

export class InMemoryHashes implements JobHashes {
  readonly #options: HashOptions;

  constructor(options: HashOptions) {
    this.#options = options;
  }

  async exists(key: string): Promise<boolean> {
    const { state, ask } = this.#options;
    return ask(() => state.hash(key) !== undefined);
  }

  async update(claim: Claim, fields: FieldUpdates): Promise<boolean> {
    const { state, member, ask } = this.#options;
    return ask(() => {
      if (check(state, member, claim) !== 'ours') return false;
      state.write(claim.key, { ...fields, ...this.#signature() });
      return true;
    });
  }

  async settle(claim: Claim, fields: FieldUpdates): Promise<Settled> {
    return this.#options.ask(() => this.#settle(claim, fields));
  }

  async bury(claim: Claim, fields: FieldUpdates): Promise<Settled> {
    const { state, member, ask } = this.#options;
    return ask(() => {
      const settled = this.#settle(claim, fields);
      const letters = state.lettersOf(member.queue);
      if (settled === 'written' && !letters.has(claim.key)) {
        letters.set(claim.key, {
          buriedAt: state.timestamp(),
          reason: fields['reason'] ?? '',
          fields: Object.fromEntries(state.hash(claim.key) ?? []),
        });
      }
      return settled;
    });
  }

  #settle(claim: Claim, fields: FieldUpdates): Settled {
    const { state, member, expireSeconds } = this.#options;
    const standing = check(state, member, claim);
    if (standing === 'settled') return 'written';
    if (standing !== 'ours') {
      release(state, member, claim);
      return standing;
    }
    const hash = state.write(claim.key, { ...fields, ...this.#signature() });
    state.take(listOf(member), claim.key);
    state.claimsOf(member.queue, member.owner).delete(claim.key);
    endChild(state, claim.key, hash.get('status') === 'done' ? 'done' : 'failed');
    cleanUp(state, expireSeconds);
    return 'written';
  }

  #signature(): Record<string, string> {
    const { state, member } = this.#options;
    return { updated_at: state.timestamp(), updated_by: member.host };
  }
}
