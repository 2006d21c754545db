import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CircuitBreaker } from '../../../../../src/adapters/model-server/scheduler/endpoints/circuit-breaker.ts';
import { EndpointPool } from '../../../../../src/adapters/model-server/scheduler/endpoints/endpoint-pool.ts';
import type { EndpointState } from '../../../../../src/adapters/model-server/scheduler/endpoints/endpoint-state.ts';
import { ModelUses } from '../../../../../src/adapters/model-server/scheduler/endpoints/model-uses.ts';
import { DEFAULT_SCHEDULER_SETTINGS } from '../../../../../src/adapters/model-server/scheduler/settings.ts';
import type { PredictFact } from '../../../../../src/facts/predict.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { ScriptedEndpoint, ScriptedEndpoints } from '../scripted-endpoint.ts';

function setUp(...addresses: string[]) {
  const clock = new FakeClock();
  const facts: PredictFact[] = [];
  const endpoints = new ScriptedEndpoints(
    ...addresses.map((address) => new ScriptedEndpoint({ clock, address })),
  );
  const settings = DEFAULT_SCHEDULER_SETTINGS;
  const pool = new EndpointPool({ endpoints, clock, settings });
  const uses = new ModelUses();
  const breaker = new CircuitBreaker({ pool, uses, clock, emit: (fact) => facts.push(fact) });
  pool.open(() => undefined);
  for (const { health } of pool.states) health.probeAnswered();
  return { clock, facts, endpoints, pool, uses, breaker };
}

function goDown(state: EndpointState, breaker: CircuitBreaker): void {
  state.reason = 'a:8500 refused the connection.';
  state.health.failed(0);
  breaker.failed(state.reason);
  breaker.update();
}

function hang(state: EndpointState, model: string): void {
  const known = state.model(model, 0);
  known.reason = 'a:8500 did not answer in time.';
  for (let call = 0; call < 3; call++) known.health.failed(0);
}

describe('CircuitBreaker', () => {
  it('opens when no server answers, says why, and tells each change once', async () => {
    const { clock, facts, pool, breaker } = setUp('a:8500');
    const [state] = pool.states;
    assert.ok(state);
    breaker.update();
    assert.deepEqual(facts, []);
    await clock.advance(1000);
    goDown(state, breaker);
    breaker.update();
    const reason = 'No model server answers: a:8500 refused the connection.';
    assert.equal(breaker.problem(), reason);
    await clock.advance(60_000);
    state.health.probing();
    breaker.update();
    state.health.probeAnswered();
    breaker.update();
    assert.deepEqual(facts, [
      { type: 'breaker changed', state: 'open', ms: 1000, reason, unexpected: false },
      { type: 'breaker changed', state: 'half open', ms: 60_000, reason, unexpected: false },
      { type: 'breaker changed', state: 'closed', ms: 60_000 },
    ]);
    assert.equal(breaker.problem(), undefined);
  });

  it('tells servers that are missed from those that nobody needs', async () => {
    const { clock, facts, pool, uses, breaker } = setUp('a:8500');
    const [state] = pool.states;
    assert.ok(state);
    uses.worked('model:1', 0);
    await clock.advance(60_000);
    goDown(state, breaker);
    assert.ok(facts[0]?.type === 'breaker changed' && facts[0].unexpected);
  });

  it('stays closed while one server answers', () => {
    const { facts, pool, breaker } = setUp('a:8500', 'b:8500');
    const [state] = pool.states;
    assert.ok(state);
    goDown(state, breaker);
    assert.deepEqual(facts, []);
  });

  it('says why no address is known', () => {
    const { endpoints, pool, breaker } = setUp('a:8500');
    endpoints.become();
    assert.equal(pool.states.length, 0);
    breaker.update();
    assert.equal(breaker.problem(), 'no address');
  });

  it('opens when the model in use fails on every server, not while another works', async () => {
    const { clock, pool, uses, breaker } = setUp('a:8500', 'b:8500');
    const [a, b] = pool.states;
    assert.ok(a && b);
    await clock.advance(1000);
    hang(a, 'model:1');
    breaker.update();
    assert.equal(breaker.problem(), undefined);
    hang(b, 'model:1');
    breaker.update();
    assert.equal(
      breaker.problem(),
      'model:1 works on no model server: a:8500 did not answer in time.',
    );
    await clock.advance(1000);
    uses.worked('other:1', clock.monotonic());
    breaker.update();
    assert.equal(breaker.problem(), undefined);
  });

  it('opens while no server tells the inputs of a model', () => {
    const { breaker } = setUp('a:8500');
    breaker.inputsUnknown('model:1', 'a:8500 refused our credentials.');
    assert.equal(
      breaker.problem(),
      'No model server tells the inputs of model:1: a:8500 refused our credentials.',
    );
    breaker.inputsUnknown('model:1', undefined);
    assert.equal(breaker.problem(), undefined);
  });
});
