import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrangeAxes } from '../../../src/imaging/axes.ts';
import { interleave } from '../../../src/imaging/elements/interleave.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

/** Below, at and above what is copied at once, and no multiples of four. */
const COUNTS = [1, 2, 3, 4, 7, 100, 4095, 4096, 4099, 9001];

test('the elements of sources are written in turns, whatever the steps', () => {
  const random = seededRandom(3);
  for (const count of COUNTS) {
    for (const many of [1, 2, 3, 4, 5]) {
      const sources = Array.from({ length: many }, (_, at) => {
        const step = count % 2 === 0 ? 1 : 1 + ((at + count) % 5);
        const start = at + 1;
        const data = Float32Array.from({ length: start + count * step }, () => random() - 0.5);
        return { data, start, step };
      });
      const target = new Float32Array(count * many + 3).fill(9);
      interleave(sources, count, target, 2);
      const expected = Float32Array.from(target, (_, at) => {
        const place = at - 2;
        const { data, start, step } = sources[place % many] ?? { data: [], start: 0, step: 0 };
        const value = data[start + Math.floor(place / many) * step] ?? NaN;
        return place < 0 || place >= count * many ? 9 : value;
      });
      assert.deepEqual(target, expected, `${count} of ${many}`);
    }
  }
});

test('labels are written as such, or as float32', () => {
  const random = seededRandom(4);
  const data = Int32Array.from({ length: 9000 }, () => Math.floor((random() - 0.5) * 2 ** 32));
  const everyOther = data.filter((_, at) => at % 2 === 1);
  const source = { data, start: 1, step: 2 };
  const [labels, floats] = [new Int32Array(4500), new Float32Array(4500)];
  interleave([source], 4500, labels);
  interleave([source], 4500, floats);
  assert.deepEqual(labels, everyOther);
  assert.deepEqual(floats, Float32Array.from(everyOther));
});

test('planes of many pixels become the channels of an image', () => {
  const random = seededRandom(5);
  for (const channels of [2, 3, 4, 5]) {
    const pixels = 41 * 33;
    const shape = [2, channels, 41, 33];
    const data = Float32Array.from({ length: 2 * channels * pixels }, random);
    const image = arrangeAxes({ array: { shape, data }, order: 'BCXY' });
    assert.deepEqual(image.shape, [2, 41, 33, channels]);
    const expected = data.map((_, at) => {
      const [batch, rest] = [Math.floor(at / (pixels * channels)), at % (pixels * channels)];
      const plane = batch * channels + (rest % channels);
      return data[plane * pixels + Math.floor(rest / channels)] ?? NaN;
    });
    assert.deepEqual(image.data, expected);
  }
});
