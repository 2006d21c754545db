import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import { PermitPool } from '../../src/intake/permits.ts';
import { hasSettled } from '../harness/promise-state.ts';

const never = new AbortController().signal;

test('no more permits are out than allowed; a release lets the next one in', async () => {
  const pool = new PermitPool({ jobs: 2, bytes: 100 });
  const first = await pool.acquire(never);
  await pool.acquire(never);
  const third = pool.acquire(never);
  assert.equal(await hasSettled(third), false);
  first.release();
  await third;
  assert.deepEqual(pool.held, { jobs: 2, bytes: 0 });
});

test('no permit is given out while those out hold all the bytes', async () => {
  const pool = new PermitPool({ jobs: 10, bytes: 100 });
  const first = await pool.acquire(never);
  first.holds(100);
  const second = pool.acquire(never);
  assert.equal(await hasSettled(second), false);
  first.holds(99);
  await second;
});

test('bytes are reserved as they become free, but the oldest job never waits', async () => {
  const pool = new PermitPool({ jobs: 10, bytes: 100 });
  const oldest = await pool.acquire(never);
  const younger = await pool.acquire(never);
  await oldest.reserve(60, never);
  const waiting = younger.reserve(50, never);
  assert.equal(await hasSettled(waiting), false);
  await oldest.reserve(500, never);
  assert.equal(await hasSettled(waiting), false);
  oldest.release();
  await waiting;
  assert.deepEqual(pool.held, { jobs: 1, bytes: 50 });
});

test('a permit that was released before its job had begun takes no memory later', async () => {
  const pool = new PermitPool({ jobs: 1, bytes: 100 });
  const permit = await pool.acquire(never);
  permit.release();
  permit.begin();
  await permit.reserve(60, never);
  permit.holds(70);
  assert.deepEqual(pool.held, { jobs: 0, bytes: 0 });
  assert.equal(pool.isFull, false);
});

test('jobs are admitted in the order in which intakes asked', async () => {
  const pool = new PermitPool({ jobs: 1, bytes: 100 });
  const first = await pool.acquire(never);
  const second = pool.acquire(never);
  const third = pool.acquire(never);
  first.release();
  const permit = await second;
  assert.equal(await hasSettled(third), false);
  permit.release();
  await third;
});

test('no job is admitted while one waits for memory: it would only wait too', async () => {
  const pool = new PermitPool({ jobs: 10, bytes: 100 });
  const first = await pool.acquire(never);
  const second = await pool.acquire(never);
  await first.reserve(60, never);
  const waiting = second.reserve(50, never);
  const third = pool.acquire(never);
  assert.equal(await hasSettled(third), false);
  first.release();
  await Promise.all([waiting, third]);
});

test('reservations add up, and are given back one by one', async () => {
  const pool = new PermitPool({ jobs: 1, bytes: 100 });
  const permit = await pool.acquire(never);
  permit.holds(40);
  await permit.reserve(10, never);
  await permit.reserve(30, never);
  permit.giveBack(10);
  assert.equal(pool.held.bytes, 70);
});

test('who waits can give up, and takes nothing', async () => {
  const pool = new PermitPool({ jobs: 1, bytes: 100 });
  const first = await pool.acquire(never);
  const control = new AbortController();
  const second = pool.acquire(control.signal);
  control.abort(new KnownError('shutting_down', 'Stopping.'));
  await assert.rejects(second, { code: 'shutting_down' });
  first.release();
  assert.deepEqual(pool.held, { jobs: 0, bytes: 0 });
});

test('a pool is full while it gives out no permit, for whatever reason', async () => {
  const pool = new PermitPool({ jobs: 3, bytes: 100 });
  const [oldest, younger] = [await pool.acquire(never), await pool.acquire(never)];
  await oldest.reserve(60, never);
  assert.equal(pool.isFull, false);
  const waiting = younger.reserve(50, never);
  // All bytes are not taken, but a job waits for more than are left.
  assert.equal(pool.isFull, true);
  oldest.release();
  await waiting;
  assert.equal(pool.isFull, false);
  await Promise.all([pool.acquire(never), pool.acquire(never)]);
  assert.equal(pool.isFull, true);
});

test('an intake whose queue has no job here passes one whose jobs wait for memory', async () => {
  const pool = new PermitPool({ jobs: 8, bytes: 100 });
  const flooded = [await pool.acquire(never, 'flooded'), await pool.acquire(never, 'flooded')];
  await flooded[0]?.reserve(90, never);
  void flooded[1]?.reserve(60, never);
  const more = pool.acquire(never, 'flooded');
  await pool.acquire(never, 'quiet');
  assert.equal(await hasSettled(more), false);
});

test('a pool tells who waits for memory, and not who waits because there are jobs enough', async () => {
  const pool = new PermitPool({ jobs: 3, bytes: 100 });
  const oldest = await pool.acquire(never);
  const younger = await pool.acquire(never);
  await oldest.reserve(60, never);
  await younger.reserve(30, never);
  assert.deepEqual(pool.waitsForMemory, { job: false, intake: false });
  const growth = younger.reserve(30, never);
  assert.deepEqual(pool.waitsForMemory, { job: true, intake: false });
  const third = pool.acquire(never);
  assert.deepEqual(pool.waitsForMemory, { job: true, intake: true });
  oldest.release();
  await growth;
  younger.holds(0);
  await third;
  await pool.acquire(never);
  const fourth = pool.acquire(never);
  assert.equal(await hasSettled(fourth), false);
  assert.deepEqual(pool.waitsForMemory, { job: false, intake: false });
});
