import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BaselineProbe } from '../../../../../src/adapters/model-server/scheduler/endpoints/baseline-probe.ts';

const options = { intervalMs: 30_000 };
const busy = { ms: 100, uncontended: false, limit: 4, slowdown: 1.3 };
const uncontended = { ms: 100, uncontended: true, limit: 4, slowdown: 1 };

function verdicts(probe: BaselineProbe, reply: typeof busy, times: readonly number[]): string[] {
  return times.map((now) => probe.replied({ ...reply, now }));
}

describe('BaselineProbe', () => {
  it('halves the calls allowed once the interval has passed, until five uncontended replies came', () => {
    const probe = new BaselineProbe(options);
    probe.replied({ ...busy, now: 0 });
    assert.equal(probe.allowed(29_999, 4), 4);
    assert.equal(probe.allowed(30_000, 4), 2);
    assert.deepEqual(verdicts(probe, uncontended, [30_100, 30_200, 30_300, 30_400, 30_500]), [
      'keep',
      'keep',
      'keep',
      'keep',
      'renew',
    ]);
    assert.equal(probe.allowed(30_500, 4), 4);
    assert.equal(probe.allowed(60_500, 4), 2);
  });

  it('still allows one call at the lowest limit', () => {
    const probe = new BaselineProbe(options);
    probe.replied({ ...busy, now: 0, limit: 1 });
    assert.equal(probe.allowed(40_000, 1), 1);
  });

  it('waits a hundred times as long as a call takes', () => {
    const probe = new BaselineProbe(options);
    probe.replied({ ...busy, ms: 2000, now: 0 });
    assert.equal(probe.allowed(199_999, 4), 4);
    assert.equal(probe.allowed(200_000, 4), 2);
  });

  it('is content with uncontended replies that come by themselves', () => {
    const probe = new BaselineProbe(options);
    verdicts(probe, uncontended, [0, 5000, 10_000, 15_000, 20_000]);
    assert.equal(probe.replied({ ...busy, now: 30_000 }), 'renew');
    assert.equal(probe.allowed(30_001, 4), 4);
  });

  it('calls the baseline wrong when uncontended replies are slow', () => {
    const probe = new BaselineProbe(options);
    const found = verdicts(probe, { ...uncontended, slowdown: 10 }, [0, 1000, 2000, 3000, 4000]);
    assert.deepEqual(found, ['keep', 'keep', 'keep', 'keep', 'wrong']);
  });

  it('calls the baseline wrong when replies are far too fast', () => {
    const probe = new BaselineProbe(options);
    const found = verdicts(probe, { ...busy, slowdown: 0.1 }, [0, 100, 200, 300, 400]);
    assert.deepEqual(found, ['keep', 'keep', 'keep', 'keep', 'wrong']);
  });

  it('looks at once when the lowest limits do not help', () => {
    const probe = new BaselineProbe(options);
    verdicts(probe, { ...busy, limit: 2, slowdown: 10 }, [0, 1, 2, 3, 4]);
    assert.equal(probe.allowed(5, 2), 1);
  });
});
