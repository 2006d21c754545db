import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Statistics } from '../../src/stand-in-server/statistics.ts';

test('counts batches and rows, answered, failed and under way', async () => {
  const statistics = new Statistics();
  const gate = Promise.withResolvers<void>();
  const first = statistics.around({ rows: 3 }, () => gate.promise);
  const second = statistics.around({ rows: 5 }, async () => {
    throw new RangeError('no');
  });
  assert.equal(statistics.figures.underWay, 2);
  await assert.rejects(second, RangeError);
  gate.resolve();
  await first;
  assert.deepEqual(statistics.figures, {
    batches: 2,
    answered: 1,
    failed: 1,
    rows: 8,
    largestBatch: 5,
    underWay: 0,
    mostUnderWay: 2,
  });
});
