import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isShort,
  memoryBudget,
  memoryLimit,
  threadsThatFit,
} from '../../../src/consumer/memory/memory-budget.ts';

const MIB = 2 ** 20;
const machine = { limit: undefined, total: 64 * 1024 * MIB, threads: 2, jobs: undefined };

test('what jobs may take follows from the limit of the container', () => {
  const small = memoryBudget({ ...machine, limit: 512 * MIB });
  const large = memoryBudget({ ...machine, limit: 4096 * MIB });
  assert.ok(large.jobs > 10 * small.jobs);
  for (const [limit, { jobs, scratch, outputs }] of [
    [512 * MIB, small],
    [4096 * MIB, large],
  ] as const) {
    assert.ok(jobs + 2 * scratch + outputs + 200 * MIB < limit);
  }
});

test('where nobody limits it, a consumer takes as much as in 464 MiB, and more with more threads', () => {
  const free = memoryBudget(machine);
  const limited = memoryBudget({ ...machine, limit: 464 * MIB });
  const { most, together, ownKernel, keptFree } = limited;
  assert.deepEqual({ ...free, most, together, ownKernel, keptFree }, limited);
  assert.ok(free.keptFree < keptFree);
  assert.ok(memoryBudget({ ...machine, threads: 16 }).jobs > 4 * free.jobs);
});

test('never more than half of a machine that nobody shares out', () => {
  const { jobs, outputs, scratch } = memoryBudget({ ...machine, total: 600 * MIB, threads: 16 });
  assert.ok(jobs + outputs + 16 * scratch < 300 * MIB);
});

test('one job may need most of what there is, and what is set for all is for it too', () => {
  assert.equal(memoryBudget({ ...machine, limit: 512 * MIB }).most, 384 * MIB);
  assert.equal(memoryBudget(machine).most, 48 * 1024 * MIB);
  assert.equal(memoryBudget({ ...machine, jobs: 7 * MIB }).jobs, 7 * MIB);
});

test('jobs may take so much together that the largest of 2048² still runs beside others in 512 MiB', () => {
  const { together } = memoryBudget({ ...machine, limit: 512 * MIB });
  // What a mesmer job of 2048² was measured to reserve.
  assert.ok(together >= 202 * MIB);
  assert.ok(together < (2 / 3) * (512 - 158) * MIB);
  const free = memoryBudget(machine);
  assert.equal(free.together, free.most);
});

test('a kernel of an author may take half of what there is, and less when that is nearly used up', () => {
  const limit = 512 * MIB;
  assert.equal(memoryBudget({ ...machine, limit }).ownKernel, 256 * MIB);
  assert.equal(isShort(400 * MIB, limit), false);
  assert.equal(isShort(440 * MIB, limit), true);
  assert.equal(isShort(440 * MIB, undefined), false);
});

test('a limit that is none, or larger than the machine, is not one', () => {
  assert.equal(memoryLimit(512 * MIB, 1024 * MIB), 512 * MIB);
  for (const none of [0, 2 ** 63 - 4096, 2 ** 64])
    assert.equal(memoryLimit(none, 1024 * MIB), undefined);
});

test('a thread for each core, as far as the container has memory for them', () => {
  assert.equal(threadsThatFit(undefined, 16), 16);
  assert.equal(threadsThatFit(4096 * MIB, 8), 8);
  assert.equal(threadsThatFit(512 * MIB, 2), 2);
  assert.equal(threadsThatFit(256 * MIB, 2), 1);
  assert.equal(threadsThatFit(100 * MIB, 2), 1);
});

test('what is booked fits into the container, a small one too', () => {
  for (const limit of [256 * MIB, 320 * MIB, 512 * MIB, 1024 * MIB]) {
    const threads = threadsThatFit(limit, 8);
    const { jobs, scratch, outputs } = memoryBudget({ ...machine, limit, threads });
    assert.ok(160 * MIB + threads * (24 * MIB + scratch) + jobs + outputs <= limit, `${limit}`);
  }
});
