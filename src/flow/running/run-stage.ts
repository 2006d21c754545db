import { type OperatorFunction, mergeMap, of } from 'rxjs';
import { KnownError, messageOf } from '../../errors.ts';
import { requireAdded } from '../shape/added.ts';
import { bytesHeld } from './held-bytes.ts';
import type { InFlight } from '../in-flight.ts';
import type { AnyStage } from '../stage.ts';
import type { Place } from './places.ts';
import { type Visit, attemptStage } from './stage-attempts.ts';
import { StageMemory } from './stage-memory.ts';
import type { ErasedStage, StageRuntime } from './stage-runtime.ts';

type Item = InFlight<object>;

/** A place in a stage, or why the job cannot have one. */
type Entry = { readonly place: Place } | { readonly failure: KnownError };

/**
 * Turns a stage into an operator. A job waits for the memory that the stage needs, then for one of its
 * places, oldest job first; a job that failed before passes by. What the stage throws becomes the failure of
 * that job alone: the stream never errors because of a job.
 */
export function runStage(approved: AnyStage, runtime: StageRuntime): OperatorFunction<Item, Item> {
  // The pipeline's overloads have checked that the value has what the stage needs.
  const stage = approved as unknown as ErasedStage;
  // Permits bound how many jobs come. One that had to wait here would hold memory, and could not be asked for it.
  return mergeMap((item) =>
    item.failure === undefined ? visitStage(stage, item, runtime) : of(item),
  );
}

async function visitStage(stage: ErasedStage, item: Item, runtime: StageRuntime): Promise<Item> {
  const { emit, ports } = runtime;
  const { job, permit, signal, value } = item;
  const about = { stage: stage.name, job };
  const enteredAt = ports.clock.monotonic();
  emit({ type: 'stage entered', ...about });
  const onChange = (bytes: number): void => emit({ type: 'memory reserved', ...about, bytes });
  const { clock } = ports;
  const memory = new StageMemory({ stage: stage.name, permit, value, signal, clock, onChange });
  const visit = { stage, item, runtime, memory };

  const entry = await enter(visit);
  const startedAt = ports.clock.monotonic();
  const notes = Object.fromEntries(item.notes);
  const waitedMs = startedAt - enteredAt;
  emit({ type: 'stage started', ...about, ...statusOf(stage), waitedMs, notes });

  const left = 'failure' in entry ? fail(item, entry.failure) : await perform(visit, entry.place);
  memory.end(left.value);
  const ms = ports.clock.monotonic() - startedAt;
  if (stage.timing !== undefined) addSeconds(item.notes, stage.timing, ms / 1000);
  emit({ type: 'stage ended', ...about, ms, ...(left.failure && { error: left.failure }) });
  return left;
}

/** Waits for the memory that the stage needs, and then for one of its places. */
async function enter({ stage, item, runtime, memory }: Visit): Promise<Entry> {
  const { job, value, claimedAt, signal } = item;
  try {
    const { limits, scratchBytes = 0 } = runtime;
    const bytes = stage.footprint?.(value, { job, limits, scratchBytes }) ?? bytesHeld(value);
    requireBytes(stage, bytes);
    await memory.enter(bytes);
    return { place: await runtime.places.of(stage).take(claimedAt, signal, runtime.queue) };
  } catch (error) {
    return { failure: explained(stage, error) };
  }
}

async function perform(visit: Visit, place: Place): Promise<Item> {
  const { stage, item, memory } = visit;
  memory.place = place;
  try {
    const added = requireAdded(stage, await attemptStage(visit));
    return { ...item, value: without({ ...item.value, ...added }, stage.frees ?? []) };
  } catch (error) {
    return fail(item, explained(stage, error));
  } finally {
    place.leave();
  }
}

/** An error that nobody has a name for, with the stage that it is from. */
function explained({ name }: ErasedStage, error: unknown): KnownError {
  if (error instanceof KnownError) return error;
  const message = `Internal error in stage "${name}": ${messageOf(error)}`;
  return new KnownError('internal', message, { cause: error });
}

/** What is no number would spoil the sums of the memory that is reserved. */
function requireBytes({ name }: ErasedStage, bytes: unknown): void {
  if (typeof bytes === 'number' && bytes >= 0) return;
  const message = `The footprint of stage "${name}" is ${String(bytes)}, but must be a number of bytes.`;
  throw new KnownError('bad_workflow', message);
}

function fail(item: Item, failure: KnownError): Item {
  return { ...item, value: {}, failure };
}

function statusOf({ status }: ErasedStage): { status?: string } {
  return status === undefined ? {} : { status };
}

function addSeconds(notes: Map<string, string>, field: string, seconds: number): void {
  const total = Number(notes.get(field) ?? 0) + seconds;
  notes.set(field, String(Number(total.toFixed(6))));
}

function without(value: object, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !fields.includes(name)));
}
