import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  holdMs,
  rowsToSend,
} from '../../../../src/adapters/model-server/scheduler/dispatch-rule.ts';

const halfEmpty = {
  full: false,
  waitedMs: 0,
  sameKeyInFlight: 2,
  idle: false,
  fixedMs: 100,
  transferMs: 0,
  lingerMs: 5,
};

describe('holdMs', () => {
  it('never holds a full batch', () => {
    assert.equal(holdMs({ ...halfEmpty, full: true }), 0);
  });

  it('never holds a batch that has nothing to wait for', () => {
    assert.equal(holdMs({ ...halfEmpty, sameKeyInFlight: 0 }), 0);
  });

  it('holds a batch for an idle server no longer than a twentieth of the gain, or the linger', () => {
    assert.equal(holdMs({ ...halfEmpty, idle: true, waitedMs: 1 }), 4);
    assert.equal(holdMs({ ...halfEmpty, idle: true, fixedMs: 20 }), 1);
    assert.equal(holdMs({ ...halfEmpty, idle: true, waitedMs: 6 }), 0);
  });

  it('holds a batch for a busy server as long as that gains', () => {
    assert.equal(holdMs({ ...halfEmpty, waitedMs: 30 }), 70);
    assert.equal(holdMs({ ...halfEmpty, waitedMs: 130 }), 0);
  });

  it('waits for the first reply of a server that it knows nothing about', () => {
    assert.equal(holdMs({ ...halfEmpty, fixedMs: undefined }), Infinity);
    assert.equal(holdMs({ ...halfEmpty, fixedMs: undefined, idle: true }), 5);
  });

  it('does not hold rows whose way takes as long as they would save', () => {
    assert.equal(holdMs({ ...halfEmpty, transferMs: 60, waitedMs: 30 }), 10);
    assert.equal(holdMs({ ...halfEmpty, transferMs: 100 }), 0);
  });

  it('tells whole milliseconds', () => {
    assert.equal(holdMs({ ...halfEmpty, waitedMs: 98.9 }), 1);
    assert.equal(holdMs({ ...halfEmpty, waitedMs: 99.9 }), 0);
  });
});

describe('rowsToSend', () => {
  const waiting = { rows: 20, mostRows: 32, slots: 3, fixedMs: 100, transferMs: 30 };

  it('sends all that fit when a call costs more than the way', () => {
    assert.equal(rowsToSend(waiting), 20);
    assert.equal(rowsToSend({ ...waiting, rows: 50 }), 32);
    assert.equal(rowsToSend({ ...waiting, fixedMs: undefined }), 20);
  });

  it('shares rows out among the slots when the way costs more than a call', () => {
    assert.equal(rowsToSend({ ...waiting, fixedMs: 20 }), 10);
    assert.equal(rowsToSend({ ...waiting, fixedMs: 5 }), 7);
    assert.equal(rowsToSend({ ...waiting, fixedMs: 0 }), 7);
    assert.equal(rowsToSend({ ...waiting, fixedMs: 5, slots: 1 }), 20);
    assert.equal(rowsToSend({ ...waiting, fixedMs: 5, rows: 500 }), 32);
  });
});
