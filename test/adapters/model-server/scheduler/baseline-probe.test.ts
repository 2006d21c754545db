import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BaselineProbe } from '../../../../src/adapters/model-server/scheduler/baseline-probe.ts';

const options = { intervalMs: 30_000 };
const busy = { ms: 100, inFlight: 4, limit: 4, slowdown: 1.3 };
const calm = { ms: 100, inFlight: 2, limit: 4, slowdown: 1 };

describe('BaselineProbe', () => {
  it('halves the calls allowed once the interval has passed, until three came back', () => {
    const probe = new BaselineProbe(options);
    probe.replied({ ...busy, now: 0 });
    assert.equal(probe.allowed(29_999, 4), 4);
    assert.equal(probe.allowed(30_000, 4), 2);
    assert.equal(probe.replied({ ...calm, now: 30_100 }), 'keep');
    assert.equal(probe.replied({ ...calm, now: 30_200 }), 'keep');
    assert.equal(probe.replied({ ...calm, now: 30_300 }), 'renew');
    assert.equal(probe.allowed(30_300, 4), 4);
    assert.equal(probe.allowed(60_300, 4), 2);
  });

  it('still allows one call at the lowest limit', () => {
    const probe = new BaselineProbe(options);
    probe.replied({ ...busy, now: 0, limit: 1, inFlight: 1 });
    assert.equal(probe.allowed(40_000, 1), 1);
  });

  it('waits a hundred times as long as a call takes', () => {
    const probe = new BaselineProbe(options);
    probe.replied({ ...busy, ms: 2000, now: 0 });
    assert.equal(probe.allowed(199_999, 4), 4);
    assert.equal(probe.allowed(200_000, 4), 2);
  });

  it('is content with calm replies that come by themselves', () => {
    const probe = new BaselineProbe(options);
    for (let now = 0; now < 30_000; now += 1000) probe.replied({ ...calm, now });
    assert.equal(probe.replied({ ...calm, now: 30_000 }), 'renew');
    assert.equal(probe.allowed(30_001, 4), 4);
  });

  it('calls the baseline wrong when calm replies are slow', () => {
    const probe = new BaselineProbe(options);
    const verdicts = [0, 1000, 2000].map((now) => probe.replied({ ...calm, slowdown: 10, now }));
    assert.deepEqual(verdicts, ['keep', 'keep', 'wrong']);
  });

  it('looks at once when the lowest limits do not help', () => {
    const probe = new BaselineProbe(options);
    for (let now = 0; now < 5; now++)
      probe.replied({ ms: 1000, inFlight: 2, limit: 2, slowdown: 10, now });
    assert.equal(probe.allowed(5, 2), 1);
  });
});
