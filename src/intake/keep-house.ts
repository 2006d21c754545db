import { KnownError } from '../errors.ts';
import type { Emit } from '../facts/flow.ts';
import { repeat } from '../flow/repeat.ts';
import type { Bucket, Clock, JobFamilies, JobQueue } from '../ports.ts';
import type { HeldJobs } from './held-jobs.ts';
import { ParkedTimes } from './parked-times.ts';
import { removeObjects } from './remove-objects.ts';
import { reportRecovered } from './take-keys.ts';

export interface Housekeeping {
  readonly queue: JobQueue;
  readonly families: JobFamilies;
  readonly held: HeldJobs;
  readonly bucket: Pick<Bucket, 'remove'>;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly onFatal: (error: KnownError) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const HEARTBEAT_MS = 1000;
const LOOK_MS = 1000;
/** Standing still for less costs no lease: a heartbeat that Redis answers too late has renewed it all the same. */
const STANDS_STILL_MS = 5000;
const PEERS_MS = 5000;
const PARENTS_MS = 5000;
const OBJECTS_MS = 5000;

/**
 * What goes on beside the jobs until the signal fires: the lease is renewed and lost claims are given up,
 * jobs of consumers that died are given back, parents whose children ended without telling are found, and
 * objects that nobody needs are removed. A failed round is simply repeated: the intake tells of trouble with
 * Redis.
 */
export async function keepHouse(house: Housekeeping): Promise<void> {
  const { clock, signal } = house;
  const times = new ParkedTimes(clock);
  const every = (everyMs: number, round: () => Promise<void>): Promise<void> =>
    repeat({ clock, everyMs, signal, onError: () => undefined }, round);
  await Promise.all([
    every(HEARTBEAT_MS, () => beat(house)),
    every(LOOK_MS, stallWatch(house)),
    every(PEERS_MS, () => takeOverDead(house)),
    every(PARENTS_MS, () => sweepParents(house, times)),
    every(OBJECTS_MS, () => removeObjects(house)),
  ]);
}

/** Marks the jobs in work when this process has stood still. */
function stallWatch({ held, clock }: Housekeeping): () => Promise<void> {
  let lookedAt = clock.monotonic();
  return async () => {
    const now = clock.monotonic();
    if (now - lookedAt > LOOK_MS + STANDS_STILL_MS) held.stoodStill();
    lookedAt = now;
  };
}

async function beat({ queue, held, onFatal }: Housekeeping): Promise<void> {
  const claims = held.claims();
  const { lost, twin } = await queue.beat(claims);
  const lostKeys = new Set(lost);
  for (const claim of claims) if (lostKeys.has(claim.key)) held.lose(claim);
  if (twin) onFatal(duplicate());
}

async function takeOverDead({ queue, emit }: Housekeeping): Promise<void> {
  for (;;) {
    const taken = await queue.takeOverDead();
    if (taken === undefined) return;
    reportRecovered(emit, taken, 'peer');
  }
}

async function sweepParents(
  { queue, families, held, emit }: Housekeeping,
  times: ParkedTimes,
): Promise<void> {
  const open = new Map<string, number>();
  for (const claim of held.parked) {
    const found = await families.sweep(claim);
    if (found.parked) open.set(claim.key, found.open);
    else {
      await queue.requeue(claim);
      held.lose(claim);
    }
  }
  const openChildren = open.values().reduce((sum, count) => sum + count, 0);
  emit({ type: 'parents swept', parked: open.size, openChildren, ...times.look(open) });
}

function duplicate(): KnownError {
  const message =
    'Another consumer with the same HOSTNAME took over while this one did not answer.';
  return new KnownError('duplicate_consumer', message);
}
