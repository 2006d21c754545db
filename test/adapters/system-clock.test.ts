import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { systemClock } from '../../src/adapters/system-clock.ts';

const REASON = new Error('No more.');

test('a sleep ends when its time is over, and leaves nothing at the signal', async () => {
  const { signal } = new AbortController();
  const before = systemClock.monotonic();
  await systemClock.sleep(20, signal);
  // Timers of Node may fire up to a millisecond early.
  assert.ok(systemClock.monotonic() - before >= 19);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('a sleep ends with the reason of the signal, at once if it has fired before', async () => {
  const control = new AbortController();
  const asleep = systemClock.sleep(60_000, control.signal);
  control.abort(REASON);
  await assert.rejects(asleep, REASON);
  await assert.rejects(systemClock.sleep(60_000, control.signal), REASON);
});
