import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Fact, broadcast } from '../../src/facts/flow.ts';

const TURNED: Fact = { type: 'intake polled' };
const RESUMED: Fact = { type: 'intake resumed', ms: 1 };

test('a listener that throws keeps no fact from the others, and is reported once', () => {
  const heard: string[] = [];
  const reports: unknown[] = [];
  const fault = new Error('a bug');
  const emit = broadcast(
    [
      (fact) => heard.push(`first: ${fact.type}`),
      () => {
        throw fault;
      },
      (fact) => heard.push(`third: ${fact.type}`),
    ],
    (error) => reports.push(error),
  );
  emit(TURNED);
  emit(RESUMED);
  assert.deepEqual(heard, [
    'first: intake polled',
    'third: intake polled',
    'first: intake resumed',
    'third: intake resumed',
  ]);
  assert.deepEqual(reports, [fault]);
});

test('each listener that throws is reported for itself', () => {
  const reports: unknown[] = [];
  const failing = (reason: string) => (): void => {
    throw new Error(reason);
  };
  const emit = broadcast([failing('one'), failing('two')], (error) => reports.push(error));
  emit(TURNED);
  emit(TURNED);
  assert.deepEqual(reports, [new Error('one'), new Error('two')]);
});
