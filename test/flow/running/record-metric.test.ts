import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownMetric } from '../../../src/facts/own-metric.ts';
import { checkedRecord } from '../../../src/flow/running/record-metric.ts';

const cells = ownMetric.counter('mine_cells_total', {
  help: 'Cells.',
  labels: { size: ['small', 'large'] },
});
const level = ownMetric.gauge('mine_level', { help: 'Level.' });

const record = (metric: unknown, value: unknown, labels?: unknown) =>
  checkedRecord('count', { metric, value, labels }, [cells, level]);

test('what is declared is recorded as it is given', () => {
  const labels = { size: 'small' };
  assert.deepEqual(record(cells, 3, labels), { metric: cells, value: 3, labels });
  assert.deepEqual(record(level, -0.5), { metric: level, value: -0.5, labels: {} });
});

/** What the compiler would not allow, and what is said of it. */
const REFUSED: readonly (readonly [unknown[], said: string])[] = [
  [
    [cells, 1, { size: 'huge' }],
    'mine_cells_total": size is the text "huge", but must be "small" or "large".',
  ],
  [[cells, 1], 'mine_cells_total": size is missing; it must be "small" or "large".'],
  [[cells, 1, 'small'], 'mine_cells_total": its labels are the text "small", but must be'],
  [[level, 1, { size: 'small' }], 'mine_level": "size" is no part of its labels. It has none.'],
  [
    [cells, 1, { size: 'small', colour: 'red' }],
    'mine_cells_total": "colour" is no part of its labels. There are size.',
  ],
  [
    [cells, -1, { size: 'small' }],
    'mine_cells_total": its value is -1, but must be a number, 0 or more.',
  ],
  [[level, Number.NaN], 'mine_level": its value is NaN, but must be a number.'],
  [[level, '5'], 'mine_level": its value is the text "5", but must be a number.'],
  [
    [{ ...level, name: 'other' }, 1],
    'other": the workflow does not declare it. Its `metrics` are mine_cells_total, mine_level.',
  ],
  [[undefined, 1], 'undefined": the workflow does not declare it.'],
];

for (const [[metric, value, labels], said] of REFUSED) {
  test(`it is refused in a sentence: ${said}`, () => {
    assert.throws(
      () => record(metric, value, labels),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'bad_workflow');
        const begin = `Stage "count" cannot record the metric "${said}`;
        assert.ok(error.message.startsWith(begin), error.message);
        return true;
      },
    );
  });
}
