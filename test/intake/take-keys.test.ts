import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import type { Fact } from '../../src/facts/flow.ts';
import { HeldJobs } from '../../src/intake/held-jobs.ts';
import { PermitPool } from '../../src/intake/permits.ts';
import { type Intake, type TakenKey, takeKeys } from '../../src/intake/take-keys.ts';
import type { JobQueue } from '../../src/ports.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { InMemoryJobs } from '../../src/testing/in-memory-jobs.ts';

let clock: FakeClock;
let server: InMemoryJobs;
let facts: Fact[];
let taken: TakenKey[];

beforeEach(() => {
  clock = new FakeClock();
  server = new InMemoryJobs(clock);
  facts = [];
  taken = [];
});

/** Takes keys into `taken`; the jobs of two are held at a time. */
function take(given: Partial<Intake> = {}): { stop: AbortController; ended: Promise<void> } {
  const stop = new AbortController();
  const intake: Intake = {
    queue: server.consumer().queue,
    permits: new PermitPool({ jobs: 2, bytes: 1000 }),
    name: 'image',
    held: new HeldJobs(),
    clock,
    emit: (fact) => facts.push(fact),
    gate: { problem: () => undefined, wantsGuest: () => false },
    reconcileIntervalMs: 30_000,
    onFatal: () => undefined,
    signal: stop.signal,
    ...given,
  };
  const run = async (): Promise<void> => {
    for await (const key of takeKeys(intake)) taken.push(key);
  };
  return { stop, ended: run() };
}

const submit = (count: number): void => {
  for (let n = 1; n <= count; n++) server.submit('image', `image:${n}`, { status: 'new' });
};
const keys = (): string[] => taken.map(({ key }) => key);
const types = (): string[] => facts.map(({ type }) => type);

test('no key is popped without a permit in hand', async () => {
  submit(5);
  take();
  await clock.advance(60_000);
  assert.deepEqual(keys(), ['image:1', 'image:2']);
  assert.equal(server.state.entries('image').length, 3);
  taken[0]?.permit.release();
  await clock.advance(0);
  assert.equal(taken.length, 3);
});

test('a stop ends the wait for a key and for a permit, and takes nothing more', async () => {
  submit(2);
  const { stop, ended } = take();
  await clock.advance(10);
  stop.abort(new KnownError('shutting_down', 'Stopping.'));
  await ended;
  submit(1);
  await clock.advance(10);
  assert.equal(taken.length, 2);
});

test('while the gate is closed nothing is popped', async () => {
  submit(1);
  let reason: string | undefined = 'The bucket is away.';
  take({ gate: { problem: () => reason, wantsGuest: () => false } });
  await clock.advance(10_000);
  assert.deepEqual(keys(), []);
  reason = undefined;
  await clock.advance(200);
  assert.deepEqual(keys(), ['image:1']);
  assert.ok(types().includes('intake paused') && types().includes('intake resumed'));
});

test('a gate that opens within a second, as at the start, is not told of', async () => {
  let reason: string | undefined = 'The address is not known yet.';
  submit(1);
  take({ gate: { problem: () => reason, wantsGuest: () => false } });
  await clock.advance(800);
  reason = undefined;
  await clock.advance(200);
  assert.deepEqual(keys(), ['image:1']);
  assert.ok(!types().includes('intake paused') && !types().includes('intake resumed'));
});

test('Redis has been asked as soon as it has answered, though no pop has come back', async () => {
  take();
  await clock.advance(1);
  assert.deepEqual(types(), ['intake polled']);
});

test('a closed gate is told once and every five minutes, however many guests pass, and its end once', async () => {
  let reason: string | undefined = 'The bucket is away.';
  let guests = 0;
  const wantsGuest = (): boolean => ++guests % 10 === 0;
  const permits = new PermitPool({ jobs: 100, bytes: 1000 });
  submit(50);
  take({ permits, gate: { problem: () => reason, wantsGuest } });
  await clock.advance(660_000);
  reason = undefined;
  await clock.advance(60_000);
  const told = facts.flatMap((fact) => (fact.type === 'intake paused' ? fact.ms : []));
  assert.deepEqual(
    told.map((ms) => Math.round(ms / 60_000)),
    [0, 5, 10],
  );
  assert.ok(taken.length === 50);
  const resumed = facts.flatMap((fact) => (fact.type === 'intake resumed' ? fact.ms : []));
  assert.deepEqual(
    resumed.map((ms) => Math.round(ms / 60_000)),
    [11],
  );
});

test('keys that a crash left in the own list are taken at the start', async () => {
  submit(1);
  server.state.move('image', 'processing-image:pod-1');
  take();
  await clock.advance(10);
  assert.deepEqual(keys(), ['image:1']);
  assert.ok(facts.some((fact) => fact.type === 'jobs recovered' && fact.by === 'start'));
});

test('a key that was popped again while its job was in work is given back after the next pop', async () => {
  const held = new HeldJobs();
  submit(1);
  take({ held, reconcileIntervalMs: 3_600_000 });
  await clock.advance(10);
  submit(1);
  await clock.advance(10);
  assert.deepEqual(keys(), ['image:1']);
  held.end('image:1', taken[0]?.signal ?? AbortSignal.abort());
  await clock.advance(10_000);
  assert.deepEqual(keys(), ['image:1', 'image:1']);
  assert.ok(facts.some((fact) => fact.type === 'jobs recovered' && fact.by === 'reconcile'));
});

test('a key whose reply was lost is found right after the failure', async () => {
  take();
  await clock.advance(10);
  server.trouble = 'mute';
  submit(1);
  await clock.advance(1000);
  server.trouble = 'none';
  await clock.advance(1000);
  assert.deepEqual(keys(), ['image:1']);
});

test('a failure of Redis is told and tried again, not more than twice a second', async () => {
  server.trouble = 'down';
  take();
  await clock.advance(5000);
  const failures = types().filter((type) => type === 'intake failed').length;
  assert.ok(failures >= 9 && failures <= 11, `${failures} failures`);
});

test('a fatal failure ends the intake', async () => {
  const refused = async (): Promise<never> => {
    throw new KnownError('redis_auth', 'Refused.');
  };
  const queue: JobQueue = { ...server.consumer().queue, recoverOwn: refused };
  const fatal: string[] = [];
  const { ended } = take({ queue, onFatal: ({ code }) => fatal.push(code) });
  await ended;
  assert.deepEqual(fatal, ['redis_auth']);
});
