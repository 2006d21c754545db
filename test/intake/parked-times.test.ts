import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ParkedTimes } from '../../src/intake/parked-times.ts';

test('the oldest of the parents that still wait counts', () => {
  let now = 1000;
  const times = new ParkedTimes({ monotonic: () => now });
  assert.equal(times.oldestMs([]), 0);
  assert.equal(times.oldestMs(['a']), 0);
  now += 500;
  assert.equal(times.oldestMs(['a', 'b']), 500);
  now += 500;
  assert.equal(times.oldestMs(['b']), 500);
  assert.equal(times.oldestMs(['a']), 0);
});
