import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import type { Claim } from '../../src/ports.ts';
import { settle } from '../../src/settlement/settle.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { type InMemoryConsumer, InMemoryJobs } from '../../src/testing/in-memory-jobs.ts';

const never = new AbortController().signal;
const error = new KnownError('shutting_down', 'Stopping.');

let server: InMemoryJobs;
let consumer: InMemoryConsumer;
let claim: Claim;
let destination: Parameters<typeof settle>[2];

beforeEach(async () => {
  server = new InMemoryJobs(new FakeClock());
  consumer = server.consumer();
  destination = { ...consumer, ranOn: () => true };
  await consumer.queue.register(never);
  server.submit('image', 'image:1', { status: 'new' });
  await consumer.queue.pop(never);
  const opened = await consumer.queue.open('image:1', { heldHere: false, alone: false });
  if (opened.kind !== 'opened') throw new Error(`The job is ${opened.kind}.`);
  claim = opened.claim;
});

const left = (): (readonly string[])[] => [
  server.state.entries('image'),
  server.state.entries('processing-image:pod-1'),
];

test('a result is written and the entry dropped; doing it again changes nothing', async () => {
  const done = { kind: 'done', fields: { status: 'done' } } as const;
  assert.equal(await settle(claim, done, destination), 'done');
  assert.equal(await settle(claim, done, destination), 'done');
  assert.deepEqual([server.fields('image:1')['status'], left()], ['done', [[], []]]);
});

test('a job that is returned is in the queue once, however often it is returned', async () => {
  const returned = { kind: 'returned', error } as const;
  assert.equal(await settle(claim, returned, destination), 'returned');
  await settle(claim, returned, destination);
  assert.deepEqual(left(), [['image:1'], []]);
});

test('a job that a remote kept waiting lets the others go first, one that was interrupted is the next', async () => {
  server.submit('image', 'image:2', { status: 'new' });
  const outage = new KnownError('remote_outage', 'Away.');
  await settle(claim, { kind: 'returned', error: outage }, destination);
  assert.deepEqual(left(), [['image:1', 'image:2'], []]);
});

test('a job that was deleted is lost, and stays deleted', async () => {
  server.state.remove('image:1');
  const outcome = { kind: 'done', fields: { status: 'done' } } as const;
  assert.equal(await settle(claim, outcome, destination), 'lost');
  assert.deepEqual([server.fields('image:1'), left()], [{}, [[], []]]);
});

test('a lost job is left as it is', async () => {
  const before = server.fields('image:1');
  assert.equal(await settle(claim, { kind: 'lost', error }, destination), 'lost');
  assert.deepEqual([server.fields('image:1'), left()], [before, [[], ['image:1']]]);
});

test('a parent whose children have all ended goes back to be joined', async () => {
  const parking = { total: 0, wakeOnFailure: false, fields: { status: 'waiting' } };
  assert.equal(await settle(claim, { kind: 'parked', parking }, destination), 'returned');
  assert.deepEqual(left(), [['image:1'], []]);
});

test('a parent of which Redis has lost children goes back to be split again', async () => {
  const parking = { total: 2, wakeOnFailure: false, fields: { status: 'waiting' } };
  assert.equal(await settle(claim, { kind: 'parked', parking }, destination), 'returned');
  assert.deepEqual(left(), [['image:1'], []]);
  assert.equal(server.fields('image:1')['children:total'], undefined);
});

test('before a key goes back, the worker hears of it: its own intake may be the next to take it', async () => {
  const parking = { total: 0, wakeOnFailure: false, fields: { status: 'waiting' } };
  for (const outcome of [
    { kind: 'returned', error },
    { kind: 'parked', parking },
  ] as const) {
    const queued: (readonly string[])[] = [];
    const onReturn = (): void => void queued.push(server.state.entries('image'));
    assert.equal(await settle(claim, outcome, { ...destination, onReturn }), 'returned');
    assert.deepEqual([queued, server.state.entries('image')], [[[]], ['image:1']]);
    await consumer.queue.pop(never);
    const opened = await consumer.queue.open('image:1', { heldHere: false, alone: false });
    if (opened.kind === 'opened') ({ claim } = opened);
  }
});

test('a buried job has failed and is among the dead letters', async () => {
  const fields = { status: 'failed', reason: 'It crashed.' };
  await settle(claim, { kind: 'buried', fields, error }, destination);
  const letters = await server.letters.list('image');
  assert.deepEqual(
    [server.fields('image:1')['status'], letters.map(({ key, reason }) => [key, reason])],
    ['failed', [['image:1', 'It crashed.']]],
  );
});

test('of a job that was lost to a cut-off the attempt is taken back, unless this process stood still', async () => {
  const peer = server.consumer({ host: 'pod-2' });
  server.state.leasesOf('image').clear();
  server.state.move('processing-image:pod-1', 'image');
  await peer.queue.pop(never);
  await peer.queue.open('image:1', { heldHere: false, alone: false });
  const attempts = (): string | undefined => server.fields('image:1')['attempts'];
  const lost = { kind: 'lost', error } as const;
  assert.equal(await settle(claim, lost, { ...destination, ranOn: () => false }), 'lost');
  assert.equal(attempts(), '2');
  const done = { kind: 'done', fields: { status: 'done' } } as const;
  for (const outcome of [done, lost, { kind: 'returned', error } as const]) {
    assert.equal(await settle(claim, outcome, destination), 'lost');
    assert.equal(attempts(), '1');
  }
});
