import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { ownMetric } from '../../../src/facts/own-metric.ts';
import { METRICS } from '../../../src/telemetry/catalogue.ts';
import { openRecorders } from '../../../src/telemetry/metric.ts';
import { asMetric, recordOwnMetrics } from '../../../src/telemetry/metrics/own-metrics.ts';
import { sampleJob } from '../../harness/stages/job-in-flight.ts';

const about = { type: 'metric recorded', stage: 'count', job: sampleJob() } as const;
const cells = ownMetric.counter('mine_cells_total', {
  help: 'Cells.',
  labels: { size: ['small', 'large'] },
});
const level = ownMetric.gauge('mine_level', { help: 'Level.' });
const area = ownMetric.histogram('mine_area_pixels', { help: 'Area.', buckets: [10, 100] });
const METRICS_OF_AUTHOR = [cells, level, area];

/** The lines of two workflows, of which one has a metric in common with the other. */
async function opened() {
  const registry = new Registry();
  const all = [...METRICS_OF_AUTHOR, cells].map(asMetric);
  const recorders = openRecorders(registry, Object.values(METRICS), ['a', 'b'], all);
  const [a, b] = [...recorders.values()];
  assert.ok(a && b);
  const listen = recordOwnMetrics(a, METRICS_OF_AUTHOR);
  recordOwnMetrics(b, [cells]);
  const lines = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('mine_'));
  return { listen, lines };
}

test('counters and histograms are shown before their first value, for the queues of their workflows', async () => {
  const { lines } = await opened();
  assert.deepEqual(await lines(), [
    'mine_cells_total{size="small",queue="a"} 0',
    'mine_cells_total{size="large",queue="a"} 0',
    'mine_cells_total{size="small",queue="b"} 0',
    'mine_cells_total{size="large",queue="b"} 0',
    'mine_area_pixels_bucket{le="10",queue="a"} 0',
    'mine_area_pixels_bucket{le="100",queue="a"} 0',
    'mine_area_pixels_bucket{le="+Inf",queue="a"} 0',
    'mine_area_pixels_sum{queue="a"} 0',
    'mine_area_pixels_count{queue="a"} 0',
  ]);
});

test('a counter adds, a gauge keeps the last value, a histogram counts in buckets', async () => {
  const { listen, lines } = await opened();
  const size = { size: 'large' };
  for (const value of [3, 4]) listen({ ...about, metric: cells, value, labels: size });
  for (const value of [3, 4]) listen({ ...about, metric: level, value, labels: {} });
  for (const value of [5, 50, 500]) listen({ ...about, metric: area, value, labels: {} });
  const now = await lines();
  for (const line of [
    'mine_cells_total{size="large",queue="a"} 7',
    'mine_cells_total{size="large",queue="b"} 0',
    'mine_level{queue="a"} 4',
    'mine_area_pixels_bucket{le="10",queue="a"} 1',
    'mine_area_pixels_bucket{le="100",queue="a"} 2',
    'mine_area_pixels_bucket{le="+Inf",queue="a"} 3',
    'mine_area_pixels_sum{queue="a"} 555',
  ]) {
    assert.ok(now.includes(line), `${line} is not in\n${now.join('\n')}`);
  }
});
