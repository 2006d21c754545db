import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RetryBudget } from '../../../../../src/adapters/model-server/scheduler/failures/retry-budget.ts';

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
