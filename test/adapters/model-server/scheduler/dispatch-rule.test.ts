import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { holdMs } from '../../../../src/adapters/model-server/scheduler/dispatch-rule.ts';

const halfEmpty = {
  full: false,
  waitedMs: 0,
  companions: 2,
  idle: false,
  expectedMs: 100,
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
});
