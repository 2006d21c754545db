import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeMemory } from '../../../../src/adapters/model-server/tensors/free-memory.ts';

test('a large message behind its header', () => {
  const framed = Buffer.concat([Buffer.alloc(5), Buffer.alloc(100_000, 7)]);
  const view = new Uint8Array(framed.buffer, 10, 20);
  freeMemory(framed.subarray(5));
  assert.deepEqual([framed.length, view.length], [0, 0]);
});

test('not what shares its memory with others, is small, or is shared between threads', () => {
  const part = Buffer.alloc(200_000).subarray(0, 100_000);
  const small = Buffer.concat([Buffer.alloc(1000)]);
  const shared = new Uint8Array(new SharedArrayBuffer(100_000));
  for (const message of [part, small, shared]) freeMemory(message);
  assert.deepEqual([part.length, small.length, shared.length], [100_000, 1000, 100_000]);
});
