import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ParkedTimes } from '../../src/intake/parked-times.ts';

test('the oldest of the parents that still wait counts', () => {
  let now = 1000;
  const times = new ParkedTimes({ monotonic: () => now });
  const oldest = (...keys: string[]): number =>
    times.look(new Map(keys.map((key) => [key, 1]))).oldestMs;
  assert.equal(oldest(), 0);
  assert.equal(oldest('a'), 0);
  now += 500;
  assert.equal(oldest('a', 'b'), 500);
  now += 500;
  assert.equal(oldest('b'), 500);
  assert.equal(oldest('a'), 0);
});

test('a parent stands still from when its open children were last seen to change', () => {
  let now = 1000;
  const times = new ParkedTimes({ monotonic: () => now });
  const still = (open: Readonly<Record<string, number>>): number =>
    times.look(new Map(Object.entries(open))).stillMs;
  assert.equal(still({}), 0);
  assert.equal(still({ moving: 9, stuck: 3 }), 0);
  now += 500;
  assert.equal(still({ moving: 8, stuck: 3 }), 500);
  now += 500;
  assert.equal(still({ moving: 7, stuck: 3 }), 1000);
  assert.equal(still({ moving: 7, stuck: 2 }), 0);
  now += 500;
  assert.equal(still({ moving: 7 }), 500);
});
