import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EndpointHealth } from '../../../../../src/adapters/model-server/scheduler/endpoints/endpoint-health.ts';

const options = { firstPauseMs: 500, longestPauseMs: 3000 };

function gone(): EndpointHealth {
  const health = new EndpointHealth(options);
  for (let call = 0; call < 3; call++) health.failed(1000);
  return health;
}

describe('EndpointHealth', () => {
  it('is down after three failures in a row', () => {
    const health = new EndpointHealth(options);
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
    const health = new EndpointHealth(options);
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
    health.failed(0);
    assert.equal(health.state, 'up');
  });
});
