import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allocateShared, countShared } from '../../src/imaging/shared-memory.ts';

const external = (): number => process.memoryUsage().external;
const SIZE = 2 ** 26;

/** Nothing made here may be collected while the memory is measured. */
const kept: unknown[] = [];

/** The growth of the memory that the collector counts. */
function counted(make: () => unknown): number {
  const before = external();
  kept.push(make());
  return external() - before;
}

describe('shared memory', () => {
  it('is zero-filled and of the size asked for', () => {
    const memory = new Uint8Array(allocateShared(5));
    assert.deepEqual([...memory], [0, 0, 0, 0, 0]);
  });

  it('is counted when it is allocated', () => {
    assert.ok(counted(() => allocateShared(SIZE)) >= SIZE / 8);
  });

  it('is counted when it came from another thread, wherever it is in the value', () => {
    const values = [
      (memory: SharedArrayBuffer) => new Uint8Array(memory),
      (memory: SharedArrayBuffer) => ({ labels: { shape: [1], data: new Uint8Array(memory) } }),
      (memory: SharedArrayBuffer) => [{ data: new Uint8Array(memory) }],
      (memory: SharedArrayBuffer) => new Map([['mask', new Uint8Array(memory)]]),
    ];
    for (const wrap of values) {
      const value = wrap(new SharedArrayBuffer(SIZE));
      kept.push(value);
      assert.ok(counted(() => countShared(value)) >= SIZE / 8, String(wrap));
    }
  });

  it('is counted once', () => {
    const value = new Uint8Array(new SharedArrayBuffer(SIZE));
    kept.push(value);
    countShared(value);
    assert.ok(counted(() => countShared(value)) < SIZE / 8);
  });

  it('is not looked for in other values', () => {
    for (const value of [null, undefined, 1, 'a', [1, 2], new Float32Array(2)]) countShared(value);
  });
});
