import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { YoungCollector } from '../../../src/adapters/compute/collect-young.ts';

const MIB = 2 ** 20;
const ROUNDS = 50;

const held = (): number => process.memoryUsage().arrayBuffers;

/** Shared memory that is garbage as soon as this returns. */
function litter(): void {
  for (let count = 0; count < 8; count++) void new Uint8Array(new SharedArrayBuffer(MIB));
}

test('garbage is collected each time that so many bytes have passed, once the kernel has answered', async () => {
  let collections = 0;
  const collector = new YoungCollector({ everyBytes: 8, collect: () => collections++ });
  const counts: number[] = [];
  for (const bytes of [5, 5, 5, 20, 0]) {
    collector.passed(bytes);
    const before = collections;
    await turn();
    counts.push(before, collections);
  }
  assert.deepEqual(counts, [0, 0, 0, 1, 1, 1, 1, 2, 2, 2]);
});

test('a collection gives back the memory of arrays that nobody holds', async () => {
  const collector = new YoungCollector({ everyBytes: 1 });
  const before = held();
  litter();
  assert.ok(held() >= before + 8 * MIB);
  // Two collections are needed, and memory goes back on a thread of the engine.
  for (let round = 0; round < ROUNDS && held() >= before + 4 * MIB; round++) {
    collector.passed(1);
    await pause(1);
  }
  assert.ok(held() < before + 4 * MIB);
});
