import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neededByOlder, tooMuch } from '../../src/intake/memory-refusals.ts';

const MIB = 2 ** 20;

test('amounts of memory are told in whole MiB, rounded up', () => {
  assert.equal(
    tooMuch(4 * MIB + 1, 3 * MIB).message,
    'The image needs 5 MiB of memory to process, but the consumer has 3 MiB.',
  );
  assert.match(neededByOlder(1).message, /the 1 MiB of memory that the job held/);
});

test('a job that can never fit fails, and one that others displaced goes back to its queue', () => {
  assert.equal(tooMuch(2, 1).code, 'out_of_memory');
  assert.equal(neededByOlder(1).code, 'memory_shortage');
});
