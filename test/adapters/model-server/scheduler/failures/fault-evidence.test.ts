import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FaultEvidence } from '../../../../../src/adapters/model-server/scheduler/failures/fault-evidence.ts';

type Fault = Parameters<FaultEvidence['convicts']>[0];

/** A fault on server `a`, alone, while the model has not worked anywhere. */
const fault: Fault = {
  address: 'a',
  alone: true,
  now: 0,
  workedHereAt: -Infinity,
  workedAt: -Infinity,
};

function verdicts(...faults: readonly Partial<Fault>[]): boolean[] {
  const evidence = new FaultEvidence();
  return faults.map((one, now) => evidence.convicts({ ...fault, now, ...one }));
}

describe('FaultEvidence', () => {
  it('convicts on the word of two servers, if the model has worked meanwhile', () => {
    assert.deepEqual(verdicts({}, { address: 'b', workedAt: 0.5 }), [false, true]);
  });

  it('does not convict while the model works nowhere', () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ address: `${index % 2}` }));
    assert.ok(!verdicts(...many).includes(true));
  });

  it('convicts when one server fails again and again, between successes with others', () => {
    const between = [{}, { workedHereAt: 0.5 }, { workedHereAt: 1.5 }];
    assert.deepEqual(verdicts(...between), [false, false, true]);
    assert.deepEqual(verdicts({}, { workedHereAt: 0.5 }, { workedHereAt: 0.5 }), [
      false,
      false,
      false,
    ]);
  });

  it('does not convict for faults in company', () => {
    const shared = { alone: false, workedHereAt: 10, workedAt: 10 };
    assert.deepEqual(verdicts(shared, { ...shared, address: 'b' }, shared, shared), [
      false,
      false,
      false,
      false,
    ]);
  });
});
