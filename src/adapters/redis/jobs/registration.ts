import { KnownError } from '../../../errors.ts';
import type { Clock } from '../../../ports.ts';
import { items, key as keyOf, number, text } from '../reply.ts';
import { loadScript } from '../scripts/load-script.ts';
import type { Member } from './member.ts';
import { type Presence, parsePresence } from './presence.ts';
import { hasEnded } from './process-identity.ts';

const REGISTER = loadScript('register');

/** How long a process counts as alive after its last sign of life. */
export const LEASE_MS = 20_000;
/** A living process renews its lease every second. */
const WATCH_MS = 1300;

interface Registering {
  readonly member: Member;
  readonly presence: Presence;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Another process with a lease and our host name. */
interface Namesake {
  readonly owner: string;
  /** In milliseconds, by the clock of Redis. */
  readonly expiry: number;
  readonly presence: Presence;
}

/**
 * Registers this process. A lease of the same host name may be that of a predecessor that died a moment ago:
 * if its process can be looked up here, that decides; otherwise whether the lease is renewed.
 */
export async function register(registering: Registering): Promise<void> {
  const { presence, clock, signal } = registering;
  const found = await tryRegister(registering, []);
  if (found.length === 0) return;
  const living = found.filter((other) => !hasEnded(other.presence, presence));
  if (living.length > 0) await clock.sleep(WATCH_MS, signal);
  const now = living.length > 0 ? await tryRegister(registering, []) : found;
  const renewed = now.find(({ owner, expiry }) => expiry > expiryOf(owner, found));
  if (renewed) throw duplicate(registering, renewed);
  const left = await tryRegister(
    registering,
    now.map(({ owner }) => owner),
  );
  const [another] = left;
  if (another) throw duplicate(registering, another);
}

/** The others with our host name; none if we are registered now. */
async function tryRegister(
  { member, presence }: Registering,
  dead: readonly string[],
): Promise<Namesake[]> {
  const words = [LEASE_MS, JSON.stringify(presence), ...dead];
  return items(await member.run(REGISTER, words)).map((reply) => {
    const [owner, expiry, json] = items(reply);
    return { owner: keyOf(owner), expiry: number(expiry), presence: parsePresence(text(json)) };
  });
}

function expiryOf(owner: string, namesakes: readonly Namesake[]): number {
  return namesakes.find((one) => one.owner === owner)?.expiry ?? 0;
}

function duplicate({ member }: Registering, { presence }: Namesake): KnownError {
  const { pid, since, version } = presence;
  return new KnownError(
    'duplicate_consumer',
    `Another consumer of "${member.queue}" runs under the host name "${member.host}" ` +
      `(process ${pid}, version ${version || 'unknown'}, started ${since || 'at an unknown time'}). ` +
      'Stop it, or set HOSTNAME to another name.',
  );
}
