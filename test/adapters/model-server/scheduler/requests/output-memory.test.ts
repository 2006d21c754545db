import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OutputMemory } from '../../../../../src/adapters/model-server/scheduler/requests/output-memory.ts';

const mebibyte = 2 ** 20;

describe('OutputMemory', () => {
  it('gives memory again that came back, if it fits', () => {
    const memory = new OutputMemory({ keptBytes: 8 * mebibyte });
    const first = memory.take(mebibyte / 4);
    memory.giveBack(first);
    assert.notEqual(memory.take(mebibyte).buffer, first.buffer);
    assert.notEqual(memory.take(100).buffer, first.buffer);
    const again = memory.take(mebibyte / 4 - 10_000);
    assert.equal(again.buffer, first.buffer);
    assert.equal(again.length, mebibyte / 4 - 10_000);
  });

  it('never gives the same memory twice', () => {
    const memory = new OutputMemory({ keptBytes: 8 * mebibyte });
    memory.giveBack(memory.take(mebibyte / 4));
    assert.notEqual(memory.take(mebibyte / 4).buffer, memory.take(mebibyte / 4).buffer);
  });

  it('gives blocks that are little larger than asked for', () => {
    const memory = new OutputMemory({ keptBytes: 0 });
    for (const length of [1, 1000, 5000, 70_000, 300_001, 5_000_000]) {
      const { byteLength } = memory.take(length).buffer;
      assert.ok(byteLength >= 4 * length && byteLength <= Math.max(4096, 4.5 * length + 8));
    }
  });

  it('keeps no more than it may', () => {
    const memory = new OutputMemory({ keptBytes: mebibyte });
    const blocks = [memory.take(mebibyte / 4), memory.take(mebibyte / 4)];
    blocks.forEach((block) => memory.giveBack(block));
    const taken = [memory.take(mebibyte / 4), memory.take(mebibyte / 4)];
    const reused = taken.filter(({ buffer }) => blocks.some((block) => block.buffer === buffer));
    assert.equal(reused.length, 1);
  });

  it('keeps nothing of what came back once it was told to let go', () => {
    const memory = new OutputMemory({ keptBytes: 8 * mebibyte });
    const block = memory.take(mebibyte / 4);
    memory.giveBack(block);
    memory.release();
    assert.notEqual(memory.take(mebibyte / 4).buffer, block.buffer);
  });
});
