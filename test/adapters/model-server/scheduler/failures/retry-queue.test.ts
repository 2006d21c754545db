import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  RetryBudget,
  RetryQueue,
} from '../../../../../src/adapters/model-server/scheduler/failures/retry-queue.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { sampleItems } from '../sample-requests.ts';

function setUp(burst: number) {
  const clock = new FakeClock();
  const closing = new AbortController();
  const released: number[] = [];
  const queue = new RetryQueue({
    clock,
    budget: new RetryBudget({ share: 0.1, burst, trickleMs: 1000 }),
    signal: closing.signal,
    release: () => released.push(clock.monotonic()),
  });
  return { clock, closing, released, queue, items: sampleItems({ rows: 1 }) };
}

describe('RetryQueue', () => {
  it('holds items back for the pause', async () => {
    const { clock, queue, released, items } = setUp(5);
    const held = [
      queue.hold(items, { delayMs: 0, isFree: false }),
      queue.hold(items, { delayMs: 300, isFree: false }),
    ];
    await clock.advance(1000);
    await Promise.all(held);
    assert.deepEqual(released, [0, 300]);
  });

  it('releases no more than the budget allows', async () => {
    const { clock, queue, released, items } = setUp(1);
    const held = [
      queue.hold(items, { delayMs: 0, isFree: false }),
      queue.hold(items, { delayMs: 0, isFree: false }),
      queue.hold(items, { delayMs: 0, isFree: false }),
    ];
    await clock.advance(5000);
    await Promise.all(held);
    assert.deepEqual(released, [0, 1000, 2000]);
  });

  it('releases what is free without the budget', async () => {
    const { clock, queue, released, items } = setUp(1);
    const held = [1, 2, 3].map(async () => queue.hold(items, { delayMs: 100, isFree: true }));
    await clock.advance(1000);
    await Promise.all(held);
    assert.deepEqual(released, [100, 100, 100]);
  });

  it('forgets its items when it is told to stop', async () => {
    const { clock, closing, queue, released, items } = setUp(1);
    const held = queue.hold(items, { delayMs: 300, isFree: false });
    closing.abort();
    await held;
    await clock.advance(1000);
    assert.deepEqual(released, []);
    assert.equal(clock.sleepers, 0);
  });
});

const options = { share: 0.1, burst: 3, trickleMs: 1000 };

function takeAll(budget: RetryBudget, now: number): number {
  let taken = 0;
  while (budget.take(now)) taken++;
  return taken;
}

describe('RetryBudget', () => {
  it('allows a burst, then one repeat for ten first calls', () => {
    const budget = new RetryBudget(options);
    assert.equal(takeAll(budget, 0), 3);
    for (let call = 0; call < 25; call++) budget.earn();
    assert.equal(takeAll(budget, 0), 2);
  });

  it('trickles when nothing else is sent, and says how long to wait', () => {
    const budget = new RetryBudget(options);
    takeAll(budget, 0);
    assert.equal(budget.waitMs(0), 1000);
    assert.equal(budget.waitMs(400), 600);
    assert.equal(budget.take(999), false);
    assert.equal(budget.take(1000), true);
  });

  it('saves no more than the burst', () => {
    const budget = new RetryBudget(options);
    for (let call = 0; call < 1000; call++) budget.earn();
    assert.equal(takeAll(budget, 1e9), 3);
  });
});
