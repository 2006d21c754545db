import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RowCap } from '../../../../../src/adapters/model-server/scheduler/endpoints/row-caps.ts';

function succeed(cap: RowCap, times: number): void {
  for (let batch = 0; batch < times; batch++) cap.succeeded(cap.rows);
}

describe('RowCap', () => {
  it('knows no limit at first', () => {
    assert.equal(new RowCap().rows, Infinity);
  });

  it('takes the limit that a server states', () => {
    const cap = new RowCap();
    cap.refused(64, 32);
    assert.equal(cap.rows, 32);
  });

  it('halves when the server does not state a limit, or a senseless one', () => {
    const silent = new RowCap();
    silent.refused(64, undefined);
    assert.equal(silent.rows, 32);
    const senseless = new RowCap();
    senseless.refused(8, 100);
    assert.equal(senseless.rows, 4);
  });

  it('never falls below one row', () => {
    const cap = new RowCap();
    cap.outOfMemory(1);
    assert.equal(cap.rows, 1);
  });

  it('halves when memory runs out and comes back row by row', () => {
    const cap = new RowCap();
    cap.outOfMemory(8);
    assert.equal(cap.rows, 4);
    succeed(cap, 49);
    assert.equal(cap.rows, 4);
    succeed(cap, 1);
    assert.equal(cap.rows, 5);
    succeed(cap, 3 * 50);
    assert.equal(cap.rows, Infinity);
  });

  it('learns nothing from batches below the limit', () => {
    const cap = new RowCap();
    cap.outOfMemory(8);
    for (let batch = 0; batch < 500; batch++) cap.succeeded(3);
    assert.equal(cap.rows, 4);
  });

  it('tries a stated limit again after a long time', () => {
    const cap = new RowCap();
    cap.refused(64, 32);
    succeed(cap, 1999);
    assert.equal(cap.rows, 32);
    succeed(cap, 1);
    assert.equal(cap.rows, Infinity);
  });
});
