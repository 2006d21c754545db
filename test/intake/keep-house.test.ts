import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnownError } from '../../src/errors.ts';
import type { Fact } from '../../src/facts/flow.ts';
import { HeldJobs } from '../../src/intake/held-jobs.ts';
import { keepHouse } from '../../src/intake/keep-house.ts';
import type { Claim } from '../../src/ports.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { type InMemoryConsumer, InMemoryJobs } from '../../src/testing/in-memory-jobs.ts';

const never = new AbortController().signal;

async function setUp(): Promise<{
  readonly clock: FakeClock;
  readonly server: InMemoryJobs;
  readonly held: HeldJobs;
  readonly facts: Fact[];
  readonly fatal: KnownError[];
  /** Objects of the bucket. */
  readonly removed: string[];
  readonly consumer: InMemoryConsumer;
}> {
  const clock = new FakeClock();
  const server = new InMemoryJobs(clock);
  const consumer = server.consumer();
  const held = new HeldJobs();
  const facts: Fact[] = [];
  const fatal: KnownError[] = [];
  const removed: string[] = [];
  await consumer.queue.register(never);
  void keepHouse({
    queue: consumer.queue,
    families: consumer.families,
    held,
    bucket: { remove: async (key) => void removed.push(key) },
    clock,
    emit: (fact) => facts.push(fact),
    onFatal: (error) => fatal.push(error),
    signal: never,
  });
  await clock.advance(0);
  return { clock, server, held, facts, fatal, removed, consumer };
}

/** Takes the next key as `consumer` and claims it. */
async function claim({ queue }: InMemoryConsumer, held?: HeldJobs): Promise<Claim> {
  const key = (await queue.pop(never)) ?? '';
  held?.begin(key);
  const opened = await queue.open(key, { heldHere: false, alone: false });
  assert.equal(opened.kind, 'opened');
  if (opened.kind !== 'opened') throw new Error('not opened');
  held?.claimed(opened.claim);
  return opened.claim;
}

test('jobs in work are marked as alive, well within the 15 seconds of the janitor', async () => {
  const { clock, server, held, consumer } = await setUp();
  server.submit('image', 'image:1', { status: 'new' });
  await claim(consumer, held);
  for (let second = 0; second < 60; second += 5) {
    await clock.advance(5000);
    const age = clock.now().getTime() - Date.parse(server.fields('image:1')['updated_at'] ?? '');
    assert.ok(age <= 5000, `${age} ms old`);
  }
});

test('a job that was deleted meanwhile is given up', async () => {
  const { clock, server, held, consumer } = await setUp();
  server.submit('image', 'image:1', { status: 'new' });
  const { key } = await claim(consumer, held);
  const given = held.claimOf(key);
  server.state.remove('image:1');
  await clock.advance(3000);
  assert.ok(given);
  assert.deepEqual(server.state.entries('processing-image:pod-1'), []);
});

test('jobs of a consumer whose lease has run out are given back, those of a living one are not', async () => {
  const { clock, server, facts } = await setUp();
  server.submit('image', 'image:1', { status: 'new' });
  server.submit('image', 'image:2', { status: 'new' });
  const dead = server.consumer({ host: 'pod-dead' });
  const living = server.consumer({ host: 'pod-living' });
  await dead.queue.register(never);
  await living.queue.register(never);
  const lost = await claim(dead);
  const kept = await claim(living);
  for (let second = 0; second < 30; second++) {
    await clock.advance(1000);
    await living.queue.beat([kept]);
  }
  const recovered = facts.flatMap((fact) => (fact.type === 'jobs recovered' ? [fact] : []));
  assert.deepEqual(recovered, [
    { type: 'jobs recovered', keys: [lost.key], from: 'pod-dead', by: 'peer' },
  ]);
});

test('a twin that took our place ends the worker', async () => {
  const { clock, server, fatal } = await setUp();
  server.trouble = 'down';
  await clock.advance(30_000);
  server.trouble = 'none';
  const twin = server.consumer();
  await twin.queue.register(never);
  await clock.advance(2000);
  assert.deepEqual(fatal.map(({ code }) => code).slice(0, 1), ['duplicate_consumer']);
});

test('trouble with Redis ends nothing', async () => {
  const { clock, server, held, consumer } = await setUp();
  server.submit('image', 'image:1', { status: 'new' });
  await claim(consumer, held);
  server.trouble = 'down';
  await clock.advance(10_000);
  server.trouble = 'none';
  await clock.advance(2000);
  assert.deepEqual(server.state.entries('processing-image:pod-1'), ['image:1']);
});

test('objects that children of failed parents have left are removed', async () => {
  const { clock, server, removed } = await setUp();
  for (const name of ['a', 'b']) server.state.temporary.add(`output/${name}`);
  await clock.advance(6000);
  assert.deepEqual(removed, ['output/a', 'output/b']);
  assert.equal(server.state.temporary.size, 0);
});

test('parents that wait for their children are told of, with how many are open', async () => {
  const { clock, server, held, facts, consumer } = await setUp();
  server.submit('image', 'image:p', { status: 'new' });
  const claimed = await claim(consumer, held);
  const child = { key: 'spot:1', queue: 'spot', place: 0, failed: false, fields: {} };
  await consumer.families.submit(claimed, [child]);
  await consumer.families.park(claimed, { total: 1, wakeOnFailure: false, fields: {} });
  held.park(claimed);
  await clock.advance(10_000);
  const swept = facts.findLast(({ type }) => type === 'parents swept');
  assert.deepEqual(swept, {
    type: 'parents swept',
    parked: 1,
    openChildren: 1,
    oldestMs: 5000,
    stillMs: 5000,
  });
});

test('a parent whose parking a fail-over has lost goes back to its queue', async () => {
  const { clock, server, held, consumer } = await setUp();
  server.submit('image', 'image:p', { status: 'new' });
  const claimed = await claim(consumer, held);
  const beforeParking = server.state.save();
  const child = { key: 'spot:1', queue: 'spot', place: 0, failed: false, fields: {} };
  await consumer.families.submit(claimed, [child]);
  await consumer.families.park(claimed, { total: 1, wakeOnFailure: false, fields: {} });
  held.park(claimed);
  server.state.restore(beforeParking);
  await clock.advance(6000);
  assert.deepEqual(server.state.entries('image'), ['image:p']);
  assert.deepEqual([held.parked, server.fields('image:p')['attempts']], [[], '0']);
});

test('jobs in work while the process stood still are marked, those of a process that is cut off are not', async () => {
  const { clock, server, held } = await setUp();
  const before = held.begin('image:1');
  server.trouble = 'down';
  await clock.advance(60_000);
  assert.equal(held.ranOn(before), true);
  clock.standStill(5000);
  await clock.advance(2000);
  assert.equal(held.ranOn(before), true);
  clock.standStill(10_000);
  await clock.advance(1000);
  const after = held.begin('image:2');
  await clock.advance(10_000);
  assert.deepEqual([held.ranOn(before), held.ranOn(after)], [false, true]);
  held.end('image:1', before);
  assert.equal(held.ranOn(before), false);
});
