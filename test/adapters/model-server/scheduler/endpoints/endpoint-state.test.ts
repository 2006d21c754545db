import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EndpointState } from '../../../../../src/adapters/model-server/scheduler/endpoints/endpoint-state.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { ScriptedEndpoint } from '../scripted-endpoint.ts';

function setUp(): EndpointState {
  const endpoint = new ScriptedEndpoint({ clock: new FakeClock() });
  const settings = { callsPerEndpoint: 64, probeMs: 5000, baselineMs: 30_000 };
  const state = new EndpointState(endpoint, settings);
  state.health.probeAnswered();
  return state;
}

const call = { model: 'model:1', bytes: 1000 };

/** One call after the other, each of `ms`. */
function callInTurn(state: EndpointState, ms: readonly number[]): number[] {
  let now = 0;
  return ms.map((duration) => {
    const inFlight = state.send({ ...call, now });
    now += duration;
    state.ended(inFlight);
    return state.answered(inFlight, now);
  });
}

describe('EndpointState', () => {
  it('counts what is under way', () => {
    const state = setUp();
    const inFlight = state.send({ ...call, now: 0 });
    state.send({ ...call, now: 0 });
    assert.deepEqual([state.inFlight, state.bytes], [2, 2000]);
    state.ended(inFlight);
    state.ended(inFlight);
    assert.deepEqual([state.inFlight, state.bytes], [1, 1000]);
  });

  it('has room below its limit, while it is up', () => {
    const state = setUp();
    for (let sent = 0; sent < 3; sent++) {
      assert.ok(state.hasRoom(0));
      state.send({ ...call, now: 0 });
    }
    assert.ok(!state.hasRoom(0));
    const down = setUp();
    for (let failure = 0; failure < 3; failure++) down.health.failed(0);
    assert.ok(!down.hasRoom(0));
  });

  it('learns how long a call takes, and tells how much slower one was', () => {
    const state = setUp();
    assert.equal(state.expected('model:1', 1000), undefined);
    const slowdowns = callInTurn(state, [100, 100, 300]);
    assert.deepEqual(slowdowns, [1, 1, 3]);
    assert.ok(Math.abs((state.expected('model:1', 1000) ?? 0) - 500 / 3) < 1e-9);
    assert.equal(state.expected('other:1', 1000), undefined);
  });

  it('takes a new pace for the normal one when an unburdened server keeps to it', () => {
    const state = setUp();
    callInTurn(state, [...Array<number>(50).fill(100), ...Array<number>(5).fill(1000)]);
    assert.equal(state.expected('model:1', 1000), 1000);
  });

  it('starts anew after it was away', () => {
    const state = setUp();
    callInTurn(state, [100]);
    for (let drop = 0; drop < 20; drop++) state.overloaded();
    assert.equal(state.calls, 1);
    state.revived();
    assert.equal(state.calls, 3);
    assert.equal(state.expected('model:1', 1000), undefined);
  });
});
