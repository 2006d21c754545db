import assert from 'node:assert/strict';
import type {
  Claim,
  DeadLetters,
  JobFamilies,
  JobHashes,
  JobQueue,
  OpenedKey,
} from '../../../../src/ports.ts';

/** A process as a consumer of one queue. */
export interface Consumer {
  readonly queue: JobQueue;
  readonly hashes: JobHashes;
  readonly families: JobFamilies;
}

export interface ConsumerOptions {
  readonly queue?: string;
  readonly host?: string;
  readonly childrenInQueue?: number;
}

/** One server, the consumers that use it, and everybody else who acts on it: front end, Python consumers, janitor. */
export interface JobWorld {
  /** A process that has just started; not yet registered. */
  consumer(options?: ConsumerOptions): Consumer;
  readonly letters: DeadLetters;

  fields(key: string): Promise<Record<string, string>>;
  write(key: string, fields: Readonly<Record<string, string>>): Promise<void>;
  remove(key: string): Promise<void>;
  /** Makes a key one of another type. */
  writeText(key: string): Promise<void>;
  /** Seconds until a hash is deleted; undefined if it stays. */
  expiry(key: string): Promise<number | undefined>;

  /** From the left, where keys are pushed, to the right, where they are taken. */
  entries(list: string): Promise<string[]>;
  pushLeft(list: string, key: string): Promise<void>;
  take(list: string, key: string): Promise<number>;
  move(from: string, to: string): Promise<string | undefined>;

  /** Lets the clock of the server run. */
  pass(ms: number): Promise<void>;
  /** Lets the clock of consumers run, which is another one where the server is real. */
  wait(ms: number): Promise<void>;
  /** Resolves once a consumer waits for the clock. */
  untilSomebodySleeps(): Promise<void>;
  /** Remembers all that lies in Redis; the result brings it back, as a fail-over to a replica that lags behind does. */
  replica(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export const never = new AbortController().signal;
export const LIST = 'processing-image:pod-1';
export const LIST_2 = 'processing-image:pod-2';
export const PYTHON = 'processing-image:python';

/** Submits a job as the front end does. */
export async function submit(
  world: JobWorld,
  key = 'image:1',
  fields: Readonly<Record<string, string>> = {},
  queue = 'image',
): Promise<void> {
  await world.write(key, { status: 'new', input_file_name: 'a.tif', ...fields });
  await world.pushLeft(queue, key);
}

type Opened = Extract<OpenedKey, { kind: 'opened' }>;

/** Pops the next key and claims it. */
export async function open(
  { queue }: Consumer,
  opening: { readonly heldHere?: boolean; readonly alone?: boolean } = {},
): Promise<OpenedKey> {
  const key = await queue.pop(never);
  assert.ok(key !== undefined, 'the queue is empty');
  return queue.open(key, { heldHere: false, alone: false, ...opening });
}

/** The same, for a key that must open. */
export async function claim(
  consumer: Consumer,
  opening?: { readonly alone?: boolean },
): Promise<Opened> {
  const opened = await open(consumer, opening);
  assert.ok(opened.kind === 'opened', opened.kind);
  return opened;
}

/** A job that a consumer has claimed. */
export async function claimedJob(
  world: JobWorld,
  consumer: Consumer,
  key = 'image:1',
): Promise<Claim> {
  await submit(world, key);
  return (await claim(consumer)).claim;
}

/** Lets time pass while consumers live: each beats every second. */
export async function passWithBeats(
  world: JobWorld,
  seconds: number,
  consumers: readonly (readonly [Consumer, readonly Claim[]])[],
): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await world.pass(1000);
    for (const [{ queue }, claims] of consumers) await queue.beat(claims);
  }
}

/** A Python consumer takes the next key: RPOPLPUSH, then HMSET. */
export async function pythonTakes(world: JobWorld): Promise<string> {
  const key = await world.move('image', PYTHON);
  assert.ok(key !== undefined, 'the queue is empty');
  await world.write(key, { status: 'started', updated_by: 'python' });
  return key;
}

/** The janitor gives a key back that it takes for stale: LREM, then LPUSH. */
export async function janitorRequeues(world: JobWorld, list: string, key: string): Promise<void> {
  assert.equal(await world.take(list, key), 1);
  await world.pushLeft('image', key);
}
