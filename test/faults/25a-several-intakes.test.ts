import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PermitPool } from '../../src/intake/permits.ts';
import { hasSettled } from '../harness/promise-state.ts';

const never = new AbortController().signal;

test('an intake that waits for a key holds up no job of another queue', async () => {
  const pool = new PermitPool({ jobs: 8, bytes: 100 });
  // The intake of a queue in which nothing is: its permit is the first, and has no job.
  await pool.acquire(never);
  const older = await pool.acquire(never);
  const younger = await pool.acquire(never);
  await older.reserve(60, never);
  await younger.reserve(40, never);
  const blocked = younger.reserve(90, never);
  const growth = older.reserve(90, never);
  assert.equal(await hasSettled(growth), true);
  assert.equal(await hasSettled(blocked), false);
  older.release();
  await blocked;
});

test('the age of a job counts from its claim, not from the permit of its intake', async () => {
  const pool = new PermitPool({ jobs: 8, bytes: 100 });
  const idle = await pool.acquire(never);
  const busy = await pool.acquire(never);
  busy.begin();
  idle.begin();
  await busy.reserve(60, never);
  await idle.reserve(30, never);
  const blocked = idle.reserve(90, never);
  await busy.reserve(70, never);
  assert.equal(await hasSettled(blocked), false);
});
