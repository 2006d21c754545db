import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Lane } from '../../../../../src/adapters/model-server/scheduler/endpoints/endpoint-state.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { ScriptedEndpoint } from '../scripted-endpoint.ts';

function setUp(): Lane {
  const endpoint = new ScriptedEndpoint({ clock: new FakeClock() });
  return new Lane(endpoint, { callsPerEndpoint: 64, probeMs: 5000, baselineMs: 30_000 });
}

const call = { model: 'model:1', bytes: 1000 };

/** One call after the other, each of `ms`. */
function callInTurn(lane: Lane, ms: readonly number[]): number[] {
  let now = 0;
  return ms.map((duration) => {
    const passage = lane.send({ ...call, now });
    now += duration;
    lane.left(passage);
    return lane.answered(passage, now);
  });
}

describe('Lane', () => {
  it('counts what is under way', () => {
    const lane = setUp();
    const passage = lane.send({ ...call, now: 0 });
    lane.send({ ...call, now: 0 });
    assert.deepEqual([lane.inFlight, lane.bytes], [2, 2000]);
    lane.left(passage);
    lane.left(passage);
    assert.deepEqual([lane.inFlight, lane.bytes], [1, 1000]);
  });

  it('has room below its limit, while it is up', () => {
    const lane = setUp();
    for (let sent = 0; sent < 3; sent++) {
      assert.ok(lane.hasRoom(0));
      lane.send({ ...call, now: 0 });
    }
    assert.ok(!lane.hasRoom(0));
    const down = setUp();
    for (let failure = 0; failure < 3; failure++) down.health.failed(0);
    assert.ok(!down.hasRoom(0));
  });

  it('learns how long a call takes, and tells how much slower one was', () => {
    const lane = setUp();
    assert.equal(lane.expected('model:1', 1000), undefined);
    const slowdowns = callInTurn(lane, [100, 100, 300]);
    assert.deepEqual(slowdowns, [1, 1, 3]);
    assert.ok(Math.abs((lane.expected('model:1', 1000) ?? 0) - 500 / 3) < 1e-9);
    assert.equal(lane.expected('other:1', 1000), undefined);
  });

  it('takes a new pace for the normal one when an unburdened server keeps to it', () => {
    const lane = setUp();
    callInTurn(lane, [...Array<number>(50).fill(100), ...Array<number>(5).fill(1000)]);
    assert.equal(lane.expected('model:1', 1000), 1000);
  });

  it('starts anew after it was away', () => {
    const lane = setUp();
    callInTurn(lane, [100]);
    for (let drop = 0; drop < 20; drop++) lane.overloaded();
    assert.equal(lane.calls, 1);
    lane.revived();
    assert.equal(lane.calls, 3);
    assert.equal(lane.expected('model:1', 1000), undefined);
  });
});
