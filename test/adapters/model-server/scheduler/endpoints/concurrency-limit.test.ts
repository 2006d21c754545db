import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConcurrencyLimit } from '../../../../../src/adapters/model-server/scheduler/endpoints/concurrency-limit.ts';

/** Replies of a server that works on `parallel` calls at a time, while as many are sent as the limit allows. */
function saturate(limit: ConcurrencyLimit, parallel: number, replies: number): void {
  for (let reply = 0; reply < replies; reply++) {
    const inFlight = limit.calls;
    limit.replied({ inFlight, slowdown: Math.max(1, inFlight / parallel) });
  }
}

describe('ConcurrencyLimit', () => {
  for (const [parallel, least, most] of [
    [1, 2, 2],
    [2, 3, 3],
    [4, 5, 6],
    [16, 17, 21],
  ] as const) {
    it(`settles just above the ${parallel} that a server works on at a time`, () => {
      const limit = new ConcurrencyLimit({ ceiling: 64 });
      saturate(limit, parallel, 500);
      assert.ok(limit.calls >= least && limit.calls <= most, `${limit.calls}`);
      assert.ok(limit.busy >= parallel && limit.busy <= 1.25 * parallel, `${limit.busy}`);
    });
  }

  it('never exceeds its ceiling, nor falls below one', () => {
    const limit = new ConcurrencyLimit({ ceiling: 8 });
    saturate(limit, 100, 500);
    assert.equal(limit.calls, 8);
    for (let drop = 0; drop < 100; drop++) limit.dropped();
    assert.equal(limit.calls, 1);
  });

  it('leaves room for a second call while lone ones are slow, unless the server drops them', () => {
    const limit = new ConcurrencyLimit({ ceiling: 64 });
    for (let reply = 0; reply < 100; reply++) limit.replied({ inFlight: 1, slowdown: 10 });
    assert.equal(limit.calls, 2);
    for (let drop = 0; drop < 10; drop++) limit.dropped();
    assert.equal(limit.calls, 1);
  });

  it('does not grow while the calls in flight do not reach it', () => {
    const limit = new ConcurrencyLimit({ ceiling: 64 });
    for (let reply = 0; reply < 500; reply++) limit.replied({ inFlight: 1, slowdown: 1 });
    assert.equal(limit.calls, 3);
  });

  it('recovers within as many replies as a few round trips bring', () => {
    const limit = new ConcurrencyLimit({ ceiling: 64 });
    saturate(limit, 4, 200);
    const before = limit.calls;
    for (let drop = 0; drop < 30; drop++) limit.dropped();
    saturate(limit, 4, 30);
    assert.ok(limit.calls >= 0.9 * before, `${limit.calls} of ${before}`);
  });

  it('takes noise for noise', () => {
    const limit = new ConcurrencyLimit({ ceiling: 64 });
    saturate(limit, 8, 300);
    const before = limit.calls;
    for (let reply = 0; reply < 100; reply++) {
      limit.replied({ inFlight: 8, slowdown: 0.5 + (reply % 5) / 4 });
    }
    assert.ok(limit.calls >= before - 1);
  });
});
