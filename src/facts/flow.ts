import type { ErrorCode, KnownError } from '../errors.ts';
import type { FieldUpdates } from '../ports.ts';
import type { Job } from '../job/job.ts';
import type { OutcomeKind } from '../job/outcome.ts';
import type { Recorded } from './own-metric.ts';

/** Closed: jobs may use the remote; half open: one job tries it, the others wait. */
export type BreakerState = 'closed' | 'open' | 'half open';

/** Where bytes that a stage moved went, seen from here. */
export type Direction = 'in' | 'out';

/**
 * What happened, as plain facts. The wiring emits them; progress, telemetry and the intake gate listen.
 * Durations are milliseconds.
 */
export type Fact =
  | { readonly type: 'job claimed'; readonly key: string }
  | { readonly type: 'job started'; readonly job: Job; readonly queuedMs: number | undefined }
  | {
      readonly type: 'job ended';
      readonly key: string;
      readonly outcome: OutcomeKind;
      readonly ms: number;
      readonly error?: KnownError;
    }
  | { readonly type: 'stage entered'; readonly stage: string; readonly job: Job }
  | {
      readonly type: 'stage started';
      readonly stage: string;
      readonly job: Job;
      readonly waitedMs: number;
      /** What the hash is to say from now on, with the fields noted so far. */
      readonly status?: string;
      readonly notes: FieldUpdates;
    }
  | {
      readonly type: 'stage retried';
      readonly stage: string;
      readonly job: Job;
      readonly error: KnownError;
      readonly delayMs: number;
    }
  | {
      readonly type: 'stage progressed';
      readonly stage: string;
      readonly job: Job;
      readonly done: number;
    }
  | {
      readonly type: 'bytes moved';
      readonly stage: string;
      readonly job: Job;
      readonly direction: Direction;
      readonly bytes: number;
    }
  | {
      readonly type: 'memory reserved';
      readonly stage: string;
      readonly job: Job;
      /** What the job holds from now on, in all. */
      readonly bytes: number;
    }
  | {
      readonly type: 'stage ended';
      readonly stage: string;
      readonly job: Job;
      readonly ms: number;
      /** Absent when the stage did its work. */
      readonly error?: KnownError;
    }
  | ({
      /** A stage gave a value to one of the metrics that its workflow declares. */
      readonly type: 'metric recorded';
      readonly stage: string;
      readonly job: Job;
    } & Recorded)
  | { readonly type: 'job warned'; readonly job: Job; readonly message: string }
  | {
      readonly type: 'jobs recovered';
      readonly keys: readonly string[];
      /** The consumer that held them. */
      readonly from: string;
      readonly by: 'start' | 'reconcile' | 'peer' | 'stop';
    }
  | {
      /** The parents that wait here for their children were looked at. */
      readonly type: 'parents swept';
      readonly parked: number;
      /** Of all of them, in queues or not yet. */
      readonly openChildren: number;
      /** How long the one has waited here that waits longest; 0 if none does. */
      readonly oldestMs: number;
      /** How long no child of one has ended, of the one for which that is longest; 0 if none waits. */
      readonly stillMs: number;
    }
  | { readonly type: 'intake polled' }
  | {
      /** Told after a second, and again every few minutes; `ms`: since when it takes no jobs. */
      readonly type: 'intake paused';
      readonly reason: string;
      readonly ms: number;
    }
  | { readonly type: 'intake resumed'; readonly ms: number }
  | {
      readonly type: 'breaker changed';
      /** What stands behind it, such as `bucket_read`. */
      readonly remote: string;
      readonly before: BreakerState;
      readonly state: BreakerState;
      /** In the words of the remote. */
      readonly reason: string;
      /** Since it opened. */
      readonly openMs: number;
    }
  | { readonly type: 'intake failed'; readonly error: KnownError }
  | {
      readonly type: 'write failed';
      /** Absent where it is about the consumer itself. */
      readonly key?: string | undefined;
      readonly code: ErrorCode;
      readonly message: string;
    };

export type Emit = (fact: Fact) => void;

type Listener<Happening> = (fact: Happening) => void;

/**
 * Sends each fact to every listener, in order. A listener that throws harms neither the others nor the emitter: its
 * first error is reported, later ones are not.
 */
export function broadcast<Happening = Fact>(
  listeners: readonly Listener<Happening>[],
  report: (error: unknown) => void,
): Listener<Happening> {
  const reported = new Set<Listener<Happening>>();
  const tell = (listener: Listener<Happening>, fact: Happening): void => {
    try {
      listener(fact);
    } catch (error) {
      if (reported.has(listener)) return;
      reported.add(listener);
      report(error);
    }
  };
  return (fact) => {
    for (const listener of listeners) tell(listener, fact);
  };
}
