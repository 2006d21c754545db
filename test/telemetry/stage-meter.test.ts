import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { METRICS } from '../../src/telemetry/catalogue.ts';
import { Recorder } from '../../src/telemetry/metric.ts';
import { StageMeters } from '../../src/telemetry/stage-meter.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

test('the share of the time in which a stage is full with jobs waiting grows and fades', async () => {
  const clock = new FakeClock();
  const recorder = new Recorder(new Registry(), Object.values(METRICS));
  const meters = new StageMeters(recorder, clock, new Map([['predict', 1]]));
  const share = (): number => Number(meters.counts('predict').fullShare.toFixed(2));
  meters.entered('predict');
  meters.started('predict');
  await clock.advance(60_000);
  assert.equal(share(), 0, 'full, but nobody waits');
  meters.entered('predict');
  await clock.advance(1000);
  assert.equal(share(), 0.1);
  await clock.advance(6000);
  assert.equal(share(), 0.5);
  await clock.advance(53_000);
  assert.equal(share(), 1);
  meters.ended('predict');
  meters.started('predict');
  await clock.advance(7000);
  assert.equal(share(), 0.5);
});
