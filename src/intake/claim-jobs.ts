import { type KnownError, classify } from '../errors.ts';
import type { Emit } from '../facts/flow.ts';
import type { Permit } from '../flow/in-flight.ts';
import type { Clock, JobStore } from '../ports.ts';
import type { PermitPool } from './permits.ts';
import { recoverStranded } from './recover-stranded.ts';

/** A key that is ours, and the right to hold it. */
export interface Claim {
  readonly key: string;
  readonly permit: Permit;
}

export interface Intake {
  readonly store: JobStore;
  readonly permits: PermitPool;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Keys that are being worked on here. */
  readonly keysHeld: { has(key: string): boolean };
  /** Why no job should be taken now, if so. */
  readonly closedBecause: () => string | undefined;
  readonly reconcileIntervalMs: number;
  /** Told when going on is pointless; the claims end then. */
  readonly onFatal: (error: KnownError) => void;
  /** Fires when no more jobs are to be taken. */
  readonly signal: AbortSignal;
}

const GATE_POLL_MS = 200;
const PAUSE_AFTER_FAILURE_MS = 500;

/**
 * Takes jobs until the signal fires: a permit first, then a key. The only endless loop. Stranded keys are looked for between
 * two pops, when no pop is under way that could just have moved one: at the start, from time to time, and after every failure,
 * because a reply that was lost may have been a key.
 */
export async function* claimJobs(intake: Intake): AsyncGenerator<Claim, void, void> {
  const { permits, clock, signal } = intake;
  const reconcile = reconciler(intake);
  while (!signal.aborted) {
    const permit = await permits.acquire(signal).catch(() => undefined);
    if (permit === undefined) return;
    try {
      await untilOpen(intake);
      await reconcile.ifDue();
      const key = await claimOne(intake);
      if (key === undefined) permit.release();
      else yield { key, permit };
    } catch (thrown) {
      permit.release();
      reconcile.soon();
      if (signal.aborted) return;
      const error = classify(thrown);
      intake.emit({ type: 'intake failed', error });
      if (error.kind === 'fatal') {
        intake.onFatal(error);
        return;
      }
      await clock.sleep(PAUSE_AFTER_FAILURE_MS, signal).catch(() => undefined);
    }
  }
}

/** A key that nobody here works on yet; undefined if none came. */
async function claimOne({ store, emit, keysHeld, signal }: Intake): Promise<string | undefined> {
  const key = await store.claim(signal);
  emit({ type: 'intake turned' });
  if (key === undefined) return undefined;
  emit({ type: 'job claimed', key });
  if (!keysHeld.has(key)) return key;
  await store.drop(key);
  emit({ type: 'job ended', key, outcome: 'dropped', ms: 0 });
  return undefined;
}

/** Waits while there is a reason not to take jobs. */
async function untilOpen({ closedBecause, clock, emit, signal }: Intake): Promise<void> {
  let reason = closedBecause();
  if (reason === undefined) return;
  emit({ type: 'intake paused', reason });
  while (reason !== undefined) {
    await clock.sleep(GATE_POLL_MS, signal);
    emit({ type: 'intake turned' });
    reason = closedBecause();
  }
  emit({ type: 'intake resumed' });
}

function reconciler(intake: Intake): { ifDue(): Promise<void>; soon(): void } {
  let dueAt = intake.clock.monotonic();
  let by: 'start' | 'reconcile' = 'start';
  return {
    async ifDue() {
      if (intake.clock.monotonic() < dueAt) return;
      await recoverStranded(intake, by);
      by = 'reconcile';
      dueAt = intake.clock.monotonic() + intake.reconcileIntervalMs;
    },
    soon() {
      dueAt = intake.clock.monotonic();
    },
  };
}
