import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PermitPool } from '../../src/intake/permits.ts';

const never = new AbortController().signal;

test('a stage that outlives its job takes no memory from the jobs that follow', async () => {
  const pool = new PermitPool({ jobs: 2, bytes: 100 });
  const late = await pool.acquire(never);
  late.holds(80);
  late.release();
  late.holds(120);
  await late.reserve(120, never);
  assert.equal(late.tryReserve(500), true);
  late.release();
  assert.deepEqual(pool.held, { jobs: 0, bytes: 0 });
  const [one, other] = await Promise.all([pool.acquire(never), pool.acquire(never)]);
  await one.reserve(50, never);
  await other.reserve(50, never);
  assert.deepEqual(pool.held, { jobs: 2, bytes: 100 });
});
