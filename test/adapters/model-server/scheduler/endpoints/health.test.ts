import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Health } from '../../../../../src/adapters/model-server/scheduler/endpoints/health.ts';

const options = { firstPauseMs: 500, longestPauseMs: 3000 };

function gone(): Health {
  const health = new Health(options);
  for (let call = 0; call < 3; call++) health.failed(1000);
  return health;
}

describe('Health', () => {
  it('is down after three failures in a row', () => {
    const health = new Health(options);
    health.failed(0);
    health.failed(0);
    health.answered();
    health.failed(0);
    health.failed(0);
    assert.equal(health.state, 'up');
    health.failed(0);
    assert.equal(health.state, 'down');
  });

  it('is down when half of its last ten calls failed', () => {
    const health = new Health(options);
    for (let pair = 0; pair < 4; pair++) {
      health.answered();
      health.failed(0);
    }
    health.answered();
    assert.equal(health.state, 'up');
    health.failed(0);
    assert.equal(health.state, 'down');
  });

  it('is probed after a pause that doubles up to the longest', () => {
    const health = gone();
    assert.equal(health.probeAt, 1500);
    const pauses = [0, 0, 0, 0].map((now) => {
      health.probing();
      assert.equal(health.state, 'trial');
      health.probeFailed(now);
      return health.probeAt;
    });
    assert.deepEqual(pauses, [1000, 2000, 3000, 3000]);
  });

  it('stays down when a late reply comes, and is up when a probe is answered', () => {
    const health = gone();
    health.answered();
    assert.equal(health.state, 'down');
    health.probing();
    health.probeAnswered();
    assert.equal(health.state, 'up');
  });

  it('is down at the first failure after a probe, and rests longer each time', () => {
    const health = gone();
    const pauses = [0, 0].map((now) => {
      health.probing();
      health.probeAnswered();
      assert.ok(health.failed(now));
      return health.probeAt;
    });
    assert.deepEqual(pauses, [1000, 2000]);
  });

  it('is trusted again once a real call has been answered', () => {
    const health = gone();
    health.probing();
    health.probeAnswered();
    health.answered();
    assert.ok(!health.failed(0));
    assert.ok(!health.failed(0));
    assert.ok(health.failed(0));
    assert.equal(health.probeAt, 500);
  });

  it('is probed before it is used, if it is new', () => {
    const health = new Health({ ...options, isNew: true });
    assert.deepEqual([health.state, health.probeAt], ['down', 0]);
  });
});
