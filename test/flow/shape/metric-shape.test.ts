import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricProblems } from '../../../src/flow/shape/metric-shape.ts';

const RIGHT = {
  type: 'counter',
  name: 'mine_cells_total',
  help: 'Cells.',
  labels: { size: ['small', 'large'] },
};
const DISTRIBUTION = { type: 'histogram', name: 'mine_area_pixels', buckets: [1, 10, 100] };
const VALUES = Array.from({ length: 40 }, (_, at) => `v${at}`);

/** What authors write in place of a member, and what they hear of it. */
const MISTAKES: readonly (readonly [wrong: object, said: string])[] = [
  [{ type: 'summary' }, 'type is the text "summary", but must be "counter" or "gauge" or'],
  [{ name: 'Mine-total' }, 'name is the text "Mine-total", but must be small letters, digits and'],
  [{ name: 'kiosk_cells_total' }, 'names that begin like this are taken; begin with your own'],
  [{ name: 'process_cells_total' }, 'names that begin like this are taken; begin with your own'],
  [{ name: 'mine_cells' }, 'the name of a counter must end in _total: mine_cells_total.'],
  [{ type: 'gauge' }, 'the name of a gauge must not end in _total.'],
  [{ type: 'gauge', name: 'mine_count' }, 'the name of a gauge must not end in _count.'],
  [{ help: undefined }, 'help is missing; it must be a sentence.'],
  [{ labels: { size: [] } }, 'labels is an object, but must be an object with all values of each'],
  [{ labels: { size: ['a', 'a'] } }, 'labels is an object, but must be an object with all values'],
  [{ labels: { queue: ['a'] } }, 'it cannot have a label "queue"; call it something else.'],
  [{ labels: { 'the-size': ['a'] } }, 'it cannot have a label "the-size"; call it something else.'],
  [{ labels: { a: VALUES, b: VALUES } }, 'its labels and buckets make 1600 series, but at most'],
  [{ buckets: [1] }, 'only a histogram has buckets.'],
  [{ ...DISTRIBUTION, buckets: [1, 1] }, 'its buckets must be a list of rising numbers.'],
  [{ ...DISTRIBUTION, buckets: [] }, 'its buckets must be a list of rising numbers.'],
  [{ ...DISTRIBUTION, buckets: undefined }, 'its buckets must be a list of rising numbers.'],
  [{ ...DISTRIBUTION, buckets: ['1'] }, 'buckets[0] is the text "1", but must be a number.'],
  [{ label: {} }, '"label" is no part of a metric. Did you mean labels?'],
];

for (const [wrong, said] of MISTAKES) {
  test(`${JSON.stringify(wrong).slice(0, 60)} is told: ${said}`, () => {
    const metric = { ...RIGHT, ...wrong };
    const [problem = '', ...more] = metricProblems([metric]);
    assert.ok(problem.startsWith(`Metric "${metric.name}": ${said}`), problem);
    assert.deepEqual(more, []);
  });
}

test('metrics of each kind have the right shape, and so has a workflow without', () => {
  const gauge = { type: 'gauge', name: 'mine_depth', help: 'Depth.', labels: {} };
  assert.deepEqual(metricProblems([RIGHT, { ...RIGHT, ...DISTRIBUTION }, gauge]), []);
  assert.deepEqual(metricProblems(undefined), []);
});

test('a name belongs to one metric', () => {
  assert.deepEqual(metricProblems([RIGHT, { ...RIGHT, labels: {} }]), [
    'Two of its metrics are called mine_cells_total.',
  ]);
});
