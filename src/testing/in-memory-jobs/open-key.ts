import type { OpenedKey, Opening } from '../../ports.ts';
import {
  type Member,
  SUSPECT,
  holderOf,
  isFinished,
  listOf,
  noteCrash,
  numberIn,
  uncount,
} from './claims.ts';
import { forgetRun, leaveEarlierRun } from './runs.ts';
import type { JobState } from './state.ts';

const LONGEST_FIELD = 64 * 1024;
const RESULT_ID = /^[0-9a-f]{32}$/i;
const PRIVATE_FIELDS = /^(claim_\w+|attempts|parked|parked_wake|child_queue)$/;

/** Claims a key of our list, or says why not. */
export function openKey(
  state: JobState,
  member: Member,
  key: string,
  { heldHere, alone }: Opening,
): OpenedKey {
  const list = listOf(member);
  if (state.count(list, key) === 0) return { kind: 'moved' };
  const hash = state.hash(key);
  if (hash === undefined || isFinished(hash)) {
    state.take(list, key);
    return { kind: hash === undefined ? 'gone' : 'finished' };
  }
  const by = holderOf(state, member, key);
  if (by !== undefined) {
    state.claimsOf(member.queue, member.owner).delete(key);
    state.take(list, key);
    state.hold(listOf({ ...member, host: by }), key);
    return { kind: 'held', by };
  }
  state.hold(list, key);
  if (heldHere) return { kind: 'held', by: member.host };
  return claim(state, member, key, alone);
}

function claim(state: JobState, member: Member, key: string, alone: boolean): OpenedKey {
  const hash = state.write(key, {});
  if (hash.has('claim_key') && hash.get('claim_key') !== key) dropCopied(hash);
  if (!RESULT_ID.test(hash.get('result_id') ?? '')) hash.delete('result_id');
  leaveEarlierRun(state, key, hash);
  if (hash.get('claim_owner') === member.owner) uncount(hash);
  const crashes = numberIn(hash, 'attempts');
  const counted = crashes < SUSPECT || alone;
  const token = numberIn(hash, 'claim_token') + 1;
  if (crashes === 0) hash.delete('claim_crashes');
  noteCrash(hash);
  for (const field of ['parked', 'parked_wake']) hash.delete(field);
  state.write(key, {
    claim_key: key,
    claim_token: String(token),
    claim_owner: member.owner,
    claim_counted: counted ? '1' : '0',
    attempts: String(crashes + (counted ? 1 : 0)),
    result_id: hash.get('result_id') ?? crypto.randomUUID().replaceAll('-', ''),
    ...(hash.get('status') !== 'waiting' && {
      status: 'started',
      identity_started: member.host,
    }),
    updated_at: state.timestamp(),
    updated_by: member.host,
  });
  state.claimsOf(member.queue, member.owner).add(key);
  const shown = [...hash].filter(([name]) => !PRIVATE_FIELDS.test(name));
  const isLong = (value: string): boolean => Buffer.byteLength(value) > LONGEST_FIELD;
  return {
    kind: 'opened',
    claim: { key, token },
    fields: Object.fromEntries(shown.filter(([, value]) => !isLong(value))),
    tooLong: shown.filter(([, value]) => isLong(value)).map(([name]) => name),
    crashes,
    counted,
  };
}

/** Drops what a consumer without claims has copied from a parent to its child. */
function dropCopied(hash: Map<string, string>): void {
  for (const name of hash.keys()) {
    if (PRIVATE_FIELDS.test(name) || ['result_id', 'parent', 'place'].includes(name)) {
      hash.delete(name);
    }
  }
  forgetRun(hash);
}
