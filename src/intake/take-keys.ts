import { type KnownError, classify } from '../errors.ts';
import type { Emit } from '../facts/flow.ts';
import type { Permit } from '../flow/in-flight.ts';
import type { Clock, JobQueue, TakenOver } from '../ports.ts';
import type { Gate } from './gate.ts';
import type { HeldJobs } from './held-jobs.ts';
import type { PermitPool } from './permits.ts';

/** A key that lies in our processing list, and the right to hold its job. */
export interface TakenKey {
  readonly key: string;
  readonly permit: Permit;
  /** Fires when the job is to be given up. */
  readonly signal: AbortSignal;
}

export interface Intake {
  readonly queue: JobQueue;
  readonly permits: PermitPool;
  /** The name of the queue. */
  readonly name: string;
  readonly held: HeldJobs;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly gate: Gate;
  readonly reconcileIntervalMs: number;
  /** Called when going on is pointless; no more keys are taken then. */
  readonly onFatal: (error: KnownError) => void;
  /** Fires when no more jobs are to be taken. */
  readonly signal: AbortSignal;
}

const GATE_POLL_MS = 200;
/** A gate that opens sooner, as at the start when addresses are looked up, is not worth a word. */
const TELL_AFTER_MS = 1000;
const REMINDER_MS = 300_000;
const PAUSE_AFTER_FAILURE_MS = 500;

/**
 * Takes keys until the signal fires: a permit first, then a key. The only endless loop. The processing list
 * is scanned for keys that no job here owns between two pops, when no pop is in flight that could just have
 * moved one: at the start, every reconcile interval, when a job has ended whose key had been popped again, and
 * after every failure, because a reply that was lost may have been a key.
 */
export async function* takeKeys(intake: Intake): AsyncGenerator<TakenKey, void, void> {
  const { clock, signal } = intake;
  const reconcile = reconciler(intake);
  const untilOpen = doorkeeper(intake);
  let hasAnswered = false;
  while (!signal.aborted) {
    const permit = await permitOf(intake);
    if (permit === undefined) return;
    try {
      await untilOpen();
      await reconcile.ifDue();
      // Else a consumer of an empty queue would not be ready before its first pop has come back.
      if (!hasAnswered) intake.emit({ type: 'intake polled' });
      hasAnswered = true;
      const taken = await takeOne(intake, permit);
      if (taken) yield taken;
      else permit.release();
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

/** The right to hold one more job; undefined once the signal has fired. */
async function permitOf({ permits, name, signal }: Intake): Promise<Permit | undefined> {
  try {
    return await permits.acquire(signal, name);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** A key whose job is not in work here; undefined if none came. */
async function takeOne(intake: Intake, permit: Permit): Promise<TakenKey | undefined> {
  const { queue, held, emit, signal } = intake;
  const key = await queue.pop(signal);
  emit({ type: 'intake polled' });
  if (key === undefined) return undefined;
  emit({ type: 'job claimed', key });
  if (!held.has(key)) return { key, permit, signal: held.begin(key) };
  // A second entry of a job in work: one must stay in the processing list, or nobody would see the job any more.
  held.poppedAgain(key);
  await queue.open(key, { heldHere: true, alone: false });
  emit({ type: 'job ended', key, outcome: 'dropped', ms: 0 });
  return undefined;
}

/**
 * Waits while the gate is closed. A pause that lasts is reported once, not for each job that probes the remote
 * meanwhile, and repeated every few minutes.
 */
function doorkeeper({ gate, clock, emit, signal }: Intake): () => Promise<void> {
  let closedAt: number | undefined;
  let toldAt = -Infinity;
  const tell = (reason: string): void => {
    const now = clock.monotonic();
    closedAt ??= now;
    if (now - closedAt < TELL_AFTER_MS || now - toldAt < REMINDER_MS) return;
    toldAt = now;
    emit({ type: 'intake paused', reason, ms: now - closedAt });
  };
  return async () => {
    for (let reason = gate.problem(); reason !== undefined; reason = gate.problem()) {
      tell(reason);
      if (gate.wantsGuest()) return;
      await clock.sleep(GATE_POLL_MS, signal);
      emit({ type: 'intake polled' });
    }
    if (closedAt !== undefined && toldAt > -Infinity)
      emit({ type: 'intake resumed', ms: clock.monotonic() - closedAt });
    [closedAt, toldAt] = [undefined, -Infinity];
  };
}

function reconciler(intake: Intake): { ifDue(): Promise<void>; soon(): void } {
  const { queue, held, clock, emit, reconcileIntervalMs } = intake;
  let dueAt = clock.monotonic();
  let by: 'start' | 'reconcile' = 'start';
  return {
    async ifDue() {
      if (!held.takeStray() && clock.monotonic() < dueAt) return;
      reportRecovered(emit, await queue.recoverOwn(held.keys()), by);
      by = 'reconcile';
      dueAt = clock.monotonic() + reconcileIntervalMs;
    },
    soon() {
      dueAt = clock.monotonic();
    },
  };
}

/** Tells of jobs that were given back to the queue, if there were any. */
export function reportRecovered(
  emit: Emit,
  { keys, from }: TakenOver,
  by: 'start' | 'reconcile' | 'peer' | 'stop',
): void {
  if (keys.length > 0) emit({ type: 'jobs recovered', keys, from, by });
}
