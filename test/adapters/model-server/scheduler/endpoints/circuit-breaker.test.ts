import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PredictFact } from '../../../../../src/facts/predict.ts';
import { CircuitBreaker } from '../../../../../src/adapters/model-server/scheduler/endpoints/circuit-breaker.ts';

function setUp() {
  const facts: PredictFact[] = [];
  return { facts, breaker: new CircuitBreaker((fact) => facts.push(fact)) };
}

describe('CircuitBreaker', () => {
  it('has no problem while a server answers', () => {
    const { breaker, facts } = setUp();
    breaker.update({ up: 1, onTrial: 2, reason: 'the other one is slow' });
    assert.equal(breaker.problem(), undefined);
    assert.deepEqual(facts, []);
  });

  it('tells each change once, with the reason', () => {
    const { breaker, facts } = setUp();
    breaker.update({ up: 0, onTrial: 0, reason: 'refused' });
    breaker.update({ up: 0, onTrial: 0, reason: 'refused again' });
    breaker.update({ up: 0, onTrial: 1, reason: 'refused again' });
    breaker.update({ up: 1, onTrial: 0, reason: 'refused again' });
    assert.deepEqual(facts, [
      { type: 'breaker changed', state: 'open', reason: 'No model server answers: refused' },
      {
        type: 'breaker changed',
        state: 'half open',
        reason: 'No model server answers: refused again',
      },
      { type: 'breaker changed', state: 'closed' },
    ]);
  });

  it('has a problem while a server is tried', () => {
    const { breaker } = setUp();
    breaker.update({ up: 0, onTrial: 1, reason: undefined });
    assert.equal(breaker.problem(), 'No model server answers: none is known');
  });
});
