import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { METRICS } from '../../../src/telemetry/catalogue.ts';
import { openRecorders } from '../../../src/telemetry/metric.ts';
import { ShortageMeter, type Shortages } from '../../../src/telemetry/metrics/shortage-meter.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

test('time counts as it was when somebody looked last, and its share fades', async () => {
  const clock = new FakeClock();
  const registry = new Registry();
  const recorder = openRecorders(registry, Object.values(METRICS), ['image']).get('image');
  assert.ok(recorder);
  let lacking = { memory: false, threads: true, servers: false };
  const meter = new ShortageMeter({ recorder, clock, lacking: () => lacking });
  meter.count();
  lacking = { memory: true, threads: false, servers: true };
  await clock.advance(60_000);
  assert.deepEqual(rounded(meter.shares), { memory: 0, threads: 1, servers: 0 });
  await clock.advance(7000);
  assert.deepEqual(rounded(meter.shares), { memory: 0.5, threads: 0.5, servers: 0.5 });
  await clock.advance(53_000);
  lacking = { memory: false, threads: false, servers: false };
  assert.deepEqual(rounded(meter.shares), { memory: 1, threads: 0, servers: 1 });
  await clock.advance(60_000);
  assert.deepEqual(rounded(meter.shares), { memory: 0, threads: 0, servers: 0 });
  for (const { name } of [METRICS.memoryBlocked, METRICS.serversFull]) {
    const { values = [] } = (await registry.getSingleMetric(name)?.get()) ?? {};
    assert.deepEqual(
      values.map(({ value }) => value),
      [60],
    );
  }
});

function rounded(shares: Shortages): object {
  return Object.fromEntries(
    Object.entries(shares).map(([name, share]) => [name, Number(share.toFixed(1))]),
  );
}
