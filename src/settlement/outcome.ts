import { KnownError } from '../errors.ts';
import type { InFlight } from '../flow/in-flight.ts';
import type { Outcome } from '../job/outcome.ts';
import type { Delivered } from '../flow/workflow.ts';
import type { Clock } from '../ports.ts';

/** What a job in flight carries besides: only the intake and the settlement know. */
export interface Ending {
  readonly item: InFlight<object>;
  /** True if the job is to be put among the dead letters. */
  readonly bury: boolean;
  readonly wakeOnFailure: boolean;
}

/** Decides how a job ends that has left the last stage, and what its hash is to say. Never throws. */
export function outcomeOf(ending: Ending, clock: Clock): Outcome {
  const { item } = ending;
  const { failure } = item;
  if (failure) return outcomeOfFailure(failure, ending, clock);
  if (item.phase === 'split') return parked(ending);
  const { output } = item.value as Partial<Delivered>;
  if (typeof output?.url === 'string' && typeof output.fileName === 'string')
    return done(item, output, clock);
  const message = `The workflow left no result: its last stage must deliver "output".`;
  return outcomeOfFailure(new KnownError('internal', message), ending, clock);
}

function outcomeOfFailure(failure: KnownError, { item, bury }: Ending, clock: Clock): Outcome {
  if (failure.code === 'claim_lost') return { kind: 'lost', error: failure };
  if (failure.kind === 'cancelled' || failure.kind === 'fatal' || failure.isOfRedis)
    return { kind: 'returned', error: failure };
  return {
    kind: bury ? 'buried' : 'failed',
    error: failure,
    fields: {
      ...finished(item, clock),
      status: 'failed',
      reason: failure.message.trim() || failure.code,
      error_code: failure.code,
    },
  };
}

function parked({ item, wakeOnFailure }: Ending): Outcome {
  const { submitted = 0 } = item.value as { readonly submitted?: number };
  const notes = { ...Object.fromEntries(item.notes), ...item.warnings.field(item.job) };
  const fields = { ...notes, status: 'waiting' };
  return { kind: 'parked', parking: { total: submitted, wakeOnFailure, fields } };
}

function done(item: InFlight<object>, output: Delivered['output'], clock: Clock): Outcome {
  const seconds = (clock.monotonic() - item.claimedAt) / 1000;
  return {
    kind: 'done',
    fields: {
      total_jobs: '1',
      total_time: String(Number(seconds.toFixed(6))),
      ...finished(item, clock),
      status: 'done',
      progress: '100',
      output_url: output.url,
      output_file_name: output.fileName,
    },
  };
}

function finished(
  { job, notes, warnings }: InFlight<object>,
  clock: Clock,
): Record<string, string> {
  const finishedAt = clock.now().toISOString();
  return { ...Object.fromEntries(notes), ...warnings.field(job), finished_at: finishedAt };
}
