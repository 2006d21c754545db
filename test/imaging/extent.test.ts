import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/seeded-random.ts';
import { extentOfChannel, extentsOf } from '../../src/imaging/extent.ts';

for (const channels of [1, 2, 3, 4, 5]) {
  test(`the range of each of ${channels} channels is found, whatever their length`, () => {
    const random = seededRandom(channels);
    for (const pixels of [1, 2, 5, 1023, 1025, 5000]) {
      const values = Float32Array.from({ length: pixels * channels }, () => random() * 200 - 100);
      const expected = Array.from({ length: channels }, (_, channel) => {
        const own = [...values].filter((_value, i) => i % channels === channel);
        return { least: Math.min(...own), greatest: Math.max(...own), hasGaps: false };
      });
      assert.deepEqual(extentsOf(values, channels), expected);
      assert.deepEqual(extentOfChannel(values, channels - 1, channels), expected.at(-1));
    }
  });
}

test('what is no number is a gap of its channel alone', () => {
  const values = Float32Array.of(1, 5, NaN, 6, 3, -Infinity, NaN, 7);
  assert.deepEqual(extentsOf(values, 2), [
    { least: 1, greatest: 3, hasGaps: true },
    { least: -Infinity, greatest: 7, hasGaps: false },
  ]);
  const none = { least: Infinity, greatest: -Infinity };
  assert.deepEqual(extentsOf(Float32Array.of(NaN), 1), [{ ...none, hasGaps: true }]);
  assert.deepEqual(extentsOf(new Float32Array(0), 1), [{ ...none, hasGaps: false }]);
});
