import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { BatchSlots } from '../../src/stand-in-server/batch-slots.ts';

test('computes a few at a time, in order, and refuses what does not fit into the queue', async () => {
  const slots = new BatchSlots({ parallel: 2, queued: 1 });
  const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
  const started: number[] = [];
  const batches = gates.map((gate, index) =>
    slots.run(async () => {
      started.push(index);
      await gate.promise;
      return index;
    }),
  );
  await assert.rejects(
    slots.run(async () => 3),
    { code: status.UNAVAILABLE, details: /queue to which this task was submitted is full/ },
  );
  assert.deepEqual(started, [0, 1]);
  gates[1]?.resolve();
  assert.equal(await batches[1], 1);
  gates[0]?.resolve();
  gates[2]?.resolve();
  assert.deepEqual(await Promise.all(batches), [0, 1, 2]);
  assert.deepEqual(started, [0, 1, 2]);
});

test('a batch that fails frees its slot', async () => {
  const slots = new BatchSlots({ parallel: 1, queued: 0 });
  await assert.rejects(
    slots.run(async () => {
      throw new RangeError('no');
    }),
    RangeError,
  );
  assert.equal(await slots.run(async () => 7), 7);
});
