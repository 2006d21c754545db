import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  holdMs,
  rowsToSend,
} from '../../../../src/adapters/model-server/scheduler/dispatch-rule.ts';

const halfEmpty = {
  full: false,
  waitedMs: 0,
  companions: 2,
  idle: false,
  expectedMs: 100,
  fixedShare: 1,
  lingerMs: 5,
};

describe('holdMs', () => {
  it('never holds a full batch', () => {
    assert.equal(holdMs({ ...halfEmpty, full: true }), 0);
  });

  it('never holds a batch that has nothing to wait for', () => {
    assert.equal(holdMs({ ...halfEmpty, companions: 0 }), 0);
  });

  it('holds a batch for an idle server no longer than a twentieth of its duration, or the linger', () => {
    assert.equal(holdMs({ ...halfEmpty, idle: true, waitedMs: 1 }), 4);
    assert.equal(holdMs({ ...halfEmpty, idle: true, expectedMs: 20 }), 1);
    assert.equal(holdMs({ ...halfEmpty, idle: true, waitedMs: 6 }), 0);
  });

  it('holds a batch for a busy server until a call should have come back', () => {
    assert.equal(holdMs({ ...halfEmpty, waitedMs: 30 }), 70);
    assert.equal(holdMs({ ...halfEmpty, waitedMs: 130 }), 0);
  });

  it('waits for the first reply of a server that it knows nothing about', () => {
    assert.equal(holdMs({ ...halfEmpty, expectedMs: undefined }), Infinity);
    assert.equal(holdMs({ ...halfEmpty, expectedMs: undefined, idle: true }), 5);
  });

  it('waits only as long as it pays', () => {
    assert.equal(holdMs({ ...halfEmpty, fixedShare: 0.5, waitedMs: 30 }), 20);
    assert.equal(holdMs({ ...halfEmpty, fixedShare: 0 }), 0);
  });

  it('tells whole milliseconds', () => {
    assert.equal(holdMs({ ...halfEmpty, waitedMs: 99.999 }), 1);
  });
});

describe('rowsToSend', () => {
  const waiting = { rows: 20, mostRows: 32, slots: 3, fixedShare: 0.5 };

  it('sends all that fit when a call costs much whatever its rows', () => {
    assert.equal(rowsToSend(waiting), 20);
    assert.equal(rowsToSend({ ...waiting, rows: 50 }), 32);
  });

  it('shares rows out among the slots when each costs the same anyway', () => {
    assert.equal(rowsToSend({ ...waiting, fixedShare: 0.05 }), 7);
    assert.equal(rowsToSend({ ...waiting, fixedShare: 0.05, slots: 1 }), 20);
    assert.equal(rowsToSend({ ...waiting, fixedShare: 0.05, rows: 500 }), 32);
  });
});
