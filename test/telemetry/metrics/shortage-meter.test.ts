import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { METRICS } from '../../../src/telemetry/catalogue.ts';
import { openRecorders } from '../../../src/telemetry/metric.ts';
import { ShortageMeter } from '../../../src/telemetry/metrics/shortage-meter.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

test('time counts as it was when somebody looked last, and its share fades', async () => {
  const clock = new FakeClock();
  const registry = new Registry();
  const recorder = openRecorders(registry, Object.values(METRICS), ['image']).get('image');
  assert.ok(recorder);
  let lacking = { memory: false, threads: true };
  const meter = new ShortageMeter({ recorder, clock, lacking: () => lacking });
  meter.count();
  lacking = { memory: true, threads: false };
  await clock.advance(60_000);
  assert.deepEqual(rounded(meter.shares), { memory: 0, threads: 1 });
  await clock.advance(7000);
  assert.deepEqual(rounded(meter.shares), { memory: 0.5, threads: 0.5 });
  await clock.advance(53_000);
  lacking = { memory: false, threads: false };
  assert.deepEqual(rounded(meter.shares), { memory: 1, threads: 0 });
  await clock.advance(60_000);
  assert.deepEqual(rounded(meter.shares), { memory: 0, threads: 0 });
  const { values = [] } = (await registry.getSingleMetric(METRICS.memoryBlocked.name)?.get()) ?? {};
  assert.deepEqual(
    values.map(({ value }) => value),
    [60],
  );
});

function rounded(shares: { memory: number; threads: number }): object {
  const round = (share: number): number => Number(share.toFixed(1));
  return { memory: round(shares.memory), threads: round(shares.threads) };
}
