import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allocateShared, copyBytes, countShared } from '../../src/imaging/shared-memory.ts';

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

describe('a copy', () => {
  for (const shift of [0, 1, 5, 8]) {
    it(`into shared memory and out of it, ${shift} bytes from where words begin`, () => {
      const source = Uint8Array.from({ length: 40 }, (_, at) => at + 1);
      const shared = new Uint8Array(new SharedArrayBuffer(64)).fill(99);
      copyBytes(source, shared.subarray(shift));
      const expected = [
        ...Array<number>(shift).fill(99),
        ...source,
        ...Array<number>(24 - shift).fill(99),
      ];
      assert.deepEqual([...shared], expected);
      const back = new Uint8Array(40);
      copyBytes(shared.subarray(shift, shift + 40), back);
      assert.deepEqual(back, source);
    });
  }

  it('nothing, and more than there is room for', () => {
    const target = Uint8Array.of(1, 2);
    copyBytes(new Uint8Array(0), target);
    assert.deepEqual([...target], [1, 2]);
    assert.throws(() => copyBytes(new Uint8Array(3), target), RangeError);
  });
});
