import type { Outcome } from '../job/outcome.ts';
import type { Claim, JobFamilies, JobHashes, JobQueue, QueuePlace } from '../ports.ts';

interface Destination {
  readonly queue: JobQueue;
  readonly hashes: JobHashes;
  readonly families: JobFamilies;
  /** Called before a key goes back to the queue: from then on our own intake may be the next to take it. */
  readonly onReturn?: () => void;
  /** Whether this process ran all the while that it had the job. */
  readonly ranOn: () => boolean;
}

/** What really became of a job once its outcome was written. */
export type Ended = Outcome['kind'];

/**
 * Writes how a job ended and gives up its claim, in one step; may be repeated. A lost claim writes nothing; of
 * one that was lost to a cut-off, the attempt is taken back. Not where this process stood still: perhaps the
 * job had stopped it, and would stop the next one.
 */
export async function settle(
  claim: Claim,
  outcome: Outcome,
  destination: Destination,
): Promise<Ended> {
  const ended = await write(claim, outcome, destination);
  if (ended === 'lost' && destination.ranOn()) await destination.queue.survived(claim);
  return ended;
}

async function write(
  claim: Claim,
  outcome: Outcome,
  { queue, hashes, families, onReturn = () => {} }: Destination,
): Promise<Ended> {
  switch (outcome.kind) {
    case 'done':
    case 'failed':
      return unlessLost(outcome.kind, await hashes.settle(claim, outcome.fields));
    case 'buried':
      return unlessLost(outcome.kind, await hashes.bury(claim, outcome.fields));
    case 'returned':
      onReturn();
      return (await queue.requeue(claim, placeOf(outcome))) ? 'returned' : 'lost';
    case 'parked': {
      const answer = await families.park(claim, outcome.parking);
      if (answer === 'parked' || answer === 'lost') return answer;
      // All children have ended already, or some are to be made anew: the next to be taken, and joined or split.
      onReturn();
      return (await queue.requeue(claim)) ? 'returned' : 'lost';
    }
    default:
      return outcome.kind;
  }
}

/** A job that a remote has kept waiting lets the others try: they may need another remote, or another object. */
function placeOf({ error }: Extract<Outcome, { kind: 'returned' }>): QueuePlace {
  return error.code === 'remote_outage' ? 'last' : 'next';
}

function unlessLost(kind: Ended, settled: 'written' | 'lost' | 'gone'): Ended {
  return settled === 'written' ? kind : 'lost';
}
