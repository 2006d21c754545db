import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownMetric } from '../../src/facts/own-metric.ts';

test('a metric is what its author says, and has no labels unless there are some', () => {
  const labels = { size: ['small', 'large'] } as const;
  assert.deepEqual(ownMetric.counter('mine_total', { help: 'Mine.', labels }), {
    type: 'counter',
    name: 'mine_total',
    help: 'Mine.',
    labels,
  });
  const gauge = { type: 'gauge', name: 'mine', help: 'Mine.', labels: {} };
  assert.deepEqual(ownMetric.gauge('mine', { help: 'Mine.' }), gauge);
  const buckets = [1, 10];
  assert.deepEqual(ownMetric.histogram('mine', { help: 'Mine.', buckets }), {
    ...gauge,
    type: 'histogram',
    buckets,
  });
});
