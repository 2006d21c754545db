import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageMemory } from '../../../src/adapters/model-server/message-memory.ts';

const MIB = 2 ** 20;

test('memory given back is used again for messages of like size', () => {
  const memory = new MessageMemory({ keptBytes: 8 * MIB });
  const block = memory.take(3 * MIB + 5);
  assert.ok(block.length >= 3 * MIB + 5);
  memory.giveBack(block);
  assert.equal(memory.take(4 * MIB), block);
  assert.notEqual(memory.take(4 * MIB), block);
});

test('memory much too large, or too small, is left for others', () => {
  const memory = new MessageMemory({ keptBytes: 64 * MIB });
  const large = memory.take(16 * MIB);
  const small = memory.take(2 * MIB);
  memory.giveBack(large);
  memory.giveBack(small);
  assert.equal(memory.take(2 * MIB), small);
  assert.notEqual(memory.take(3 * MIB), large);
  assert.equal(memory.take(9 * MIB), large);
});

test('no more is kept than was said, and small messages are not kept', () => {
  const memory = new MessageMemory({ keptBytes: 4 * MIB });
  const [first, second] = [memory.take(4 * MIB), memory.take(4 * MIB)];
  memory.giveBack(first);
  memory.giveBack(second);
  assert.equal(memory.take(4 * MIB), first);
  assert.notEqual(memory.take(4 * MIB), second);
  const note = memory.take(100);
  memory.giveBack(note);
  assert.notEqual(memory.take(100), note);
});
