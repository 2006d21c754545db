import type { KnownError } from '../errors.ts';
import type { InFlight } from '../flow/in-flight.ts';
import type { Delivered } from '../flow/workflow.ts';
import type { Clock } from '../ports.ts';

/** How a job ends here. */
export type Outcome =
  | { readonly kind: 'done'; readonly fields: Readonly<Record<string, string>> }
  | {
      readonly kind: 'failed';
      readonly fields: Readonly<Record<string, string>>;
      readonly error: KnownError;
    }
  | { readonly kind: 'returned'; readonly error: KnownError };

/** Decides how a job ends that has left the last stage, and what its hash is to say. */
export function outcomeOf(item: InFlight<Delivered>, clock: Clock): Outcome {
  const { failure, value, notes, claimedAt } = item;
  if (failure?.kind === 'cancelled' || failure?.kind === 'fatal')
    return { kind: 'returned', error: failure };
  const finished = {
    ...Object.fromEntries(notes),
    finished_at: clock.now().toISOString(),
  };
  if (failure) {
    return {
      kind: 'failed',
      error: failure,
      fields: {
        ...finished,
        status: 'failed',
        reason: failure.message.trim() || failure.code,
        error_code: failure.code,
      },
    };
  }
  const seconds = (clock.monotonic() - claimedAt) / 1000;
  return {
    kind: 'done',
    fields: {
      ...finished,
      status: 'done',
      progress: '100',
      output_url: value.output.url,
      output_file_name: value.output.fileName,
      total_jobs: '1',
      total_time: String(Number(seconds.toFixed(6))),
    },
  };
}
