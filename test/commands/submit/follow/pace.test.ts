import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../../../../src/commands/submit/follow/pace.ts';

test('the rate and the time left are told once some files have ended, and no longer when all have', () => {
  let now = 5000;
  const pace = new Pace(() => now);
  const at = (ms: number, done: number, waiting: number): string => {
    now = 5000 + ms;
    return pace.words({ uploading: 0, waiting, done, failed: 0 });
  };
  assert.equal(at(0, 0, 200), '');
  assert.equal(at(1000, 2, 198), '');
  assert.equal(at(2000, 4, 196), ', 2.0 a second, about 98 s left');
  assert.equal(at(50_000, 100, 100), ', 2.0 a second, about 50 s left');
  assert.equal(at(100_000, 200, 0), '');
});

test('slow work is told by the minute, and long waits in hours', () => {
  let now = 0;
  const pace = new Pace(() => now);
  pace.words({ uploading: 0, waiting: 1003, done: 0, failed: 0 });
  now = 120_000;
  const words = pace.words({ uploading: 0, waiting: 1000, done: 3, failed: 0 });
  assert.equal(words, ', 1.5 a minute, about 11 h left');
});
