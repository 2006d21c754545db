import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateWindow } from '../../../src/telemetry/metrics/rate-window.ts';

test('events of the last minute count, and no older ones', () => {
  const window = new RateWindow(0);
  for (let second = 0; second < 120; second++) {
    window.add(second * 1000);
    window.add(second * 1000 + 500);
  }
  assert.equal(window.perSecond(119_900), 2);
  assert.equal(window.perSecond(149_900), 1);
  assert.equal(window.perSecond(400_000), 0);
});

test('in the first minute the rate is that of the time that has passed', () => {
  const window = new RateWindow(5000);
  for (let event = 0; event < 20; event++) window.add(5000 + 500 * event);
  assert.equal(window.perSecond(15_000), 2);
});

test('after a long silence it counts anew', () => {
  const window = new RateWindow(0);
  window.add(10);
  window.add(10_000_000);
  assert.equal(window.perSecond(10_000_001), 1 / 60);
});
