import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spotTable } from '../../src/formats/spot-table.ts';

const points = { shape: [3, 2], data: Float64Array.of(0.5, 2, 1.25, 0.1, -0.4, -0.4) };
const labels = {
  shape: [2, 3, 2],
  data: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60),
};

function text(input: Parameters<typeof spotTable>[0]): string {
  return new TextDecoder().decode(spotTable(input));
}

test('each spot has its column, its row, and its cell in each channel', () => {
  const lines = ['x,y,cellID0,cellID1', '2.0,0.5,3,30', '0.1,1.25,4,40', '-0.4,-0.4,1,10', ''];
  assert.equal(text({ points, labels }), lines.join('\r\n'));
});

test('without labels there are no cells, and without spots only a header', () => {
  assert.equal(text({ points }), ['x,y', '2.0,0.5', '0.1,1.25', '-0.4,-0.4', ''].join('\r\n'));
  const none = { shape: [0, 2], data: new Float64Array(0) };
  assert.equal(text({ points: none, labels }), 'x,y,cellID0,cellID1\r\n');
});

test('a spot outside of the label image is refused', () => {
  const outside = { shape: [1, 2], data: Float64Array.of(0, 3) };
  assert.throws(() => spotTable({ points: outside, labels }), { code: 'wrong_dimensions' });
});
