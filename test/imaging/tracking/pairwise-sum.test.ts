import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairwiseMean, pairwiseSum } from '../../../src/imaging/tracking/pairwise-sum.ts';

/** Values from 0 to 1000: Marsaglia, "Xorshift RNGs" (2003), as the script that asked NumPy made them. */
function randomValues(length: number): Float32Array {
  let state = 2463534242 + length;
  return Float32Array.from({ length }, () => {
    state = (state ^ (state << 13)) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    return (state / 2 ** 32) * 1000;
  });
}

/** Length, sum, mean and standard deviation of float32 arrays by NumPy 2.4.6. */
const BY_NUMPY = [
  [1, 168.3872528076172, 168.3872528076172, 0.0],
  [7, 3254.72119140625, 464.9601745605469, 187.4407958984375],
  [8, 5499.1591796875, 687.3948974609375, 284.1281433105469],
  [9, 4793.12744140625, 532.5697021484375, 253.65313720703125],
  [15, 5783.326171875, 385.5550842285156, 298.1872253417969],
  [16, 7392.9052734375, 462.05657958984375, 283.0499572753906],
  [127, 63699.015625, 501.5670471191406, 279.1884460449219],
  [128, 67491.109375, 527.2742919921875, 315.1014099121094],
  [129, 66360.546875, 514.4228515625, 276.3526611328125],
  [136, 67874.46875, 499.07696533203125, 287.2886962890625],
  [255, 125169.671875, 490.8614501953125, 292.3199462890625],
  [256, 123421.359375, 482.11468505859375, 260.8802795410156],
  [257, 127159.421875, 494.78375244140625, 311.73919677734375],
  [1000, 507851.125, 507.85113525390625, 282.41009521484375],
  [1023, 517245.0625, 505.61590576171875, 281.06585693359375],
  [4096, 2081728.25, 508.23443603515625, 291.0719909667969],
  [5000, 2565798.5, 513.15972900390625, 291.7334899902344],
] as const;

for (const [length, sum, mean, deviation] of BY_NUMPY) {
  test(`${length} values have the sum, mean and deviation that NumPy computes, to the bit`, () => {
    const values = randomValues(length);
    const found = pairwiseMean(values);
    const squares = values.map((value) => Math.fround(value - found) ** 2);
    assert.equal(pairwiseSum(values), sum);
    assert.equal(found, mean);
    assert.equal(Math.fround(Math.sqrt(pairwiseMean(squares))), deviation);
  });
}

test('no values have the sum 0 and no mean', () => {
  assert.equal(pairwiseSum(new Float32Array(0)), 0);
  assert.ok(Number.isNaN(pairwiseMean(new Float32Array(0))));
});
