import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleItems } from '../sample-requests.ts';

describe('splitRows', () => {
  it('makes an item of each row', () => {
    const items = sampleItems({ rows: 3, width: 4 });
    assert.deepEqual(
      items.map(({ firstRow, rows, bytes }) => [firstRow, rows, bytes]),
      [
        [0, 1, 16],
        [1, 1, 16],
        [2, 1, 16],
      ],
    );
  });

  it('keeps rows together that must stay so', () => {
    const items = sampleItems({ rows: 3, width: 4, splittable: false });
    assert.deepEqual(
      items.map(({ firstRow, rows, bytes }) => [firstRow, rows, bytes]),
      [[0, 3, 48]],
    );
  });
});
