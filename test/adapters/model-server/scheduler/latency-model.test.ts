import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LatencyModel } from '../../../../src/adapters/model-server/scheduler/latency-model.ts';

const mebibyte = 2 ** 20;

function modelOf(replies: readonly (readonly [number, number])[]): LatencyModel {
  const model = new LatencyModel();
  for (const [bytes, ms] of replies) model.observe({ bytes, ms, calm: false });
  return model;
}

function near(actual: number | undefined, expected: number, tolerance = 0.01): void {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= tolerance * expected,
    `${actual} for ${expected}`,
  );
}

describe('LatencyModel', () => {
  it('knows nothing at first', () => {
    assert.equal(new LatencyModel().expected(mebibyte), undefined);
  });

  it('finds the fixed and the proportional part', () => {
    const model = modelOf([1, 2, 4, 8].map((size) => [size * mebibyte, 20 + 5 * size]));
    near(model.expected(16 * mebibyte), 100);
    near(model.expected(3 * mebibyte), 35);
  });

  it('takes a duration that does not depend on the size for what it is', () => {
    const model = modelOf([1, 32, 7, 13].map((size) => [size * mebibyte, 100]));
    near(model.expected(20 * mebibyte), 100);
  });

  it('never expects a negative duration', () => {
    const model = modelOf([
      [8 * mebibyte, 10],
      [16 * mebibyte, 100],
    ]);
    assert.ok((model.expected(1) ?? -1) >= 0);
  });

  it('ignores waiting: only the fastest replies of a size count', () => {
    const model = modelOf([100, 300, 250, 100, 100, 400, 350].map((ms) => [mebibyte, ms]));
    near(model.expected(mebibyte), 100);
  });

  it('prefers the mean of calm replies, slow ones included', () => {
    const model = modelOf([[mebibyte, 50]]);
    for (const ms of [100, 120, 80]) model.observe({ bytes: mebibyte, ms, calm: true });
    near(model.expected(mebibyte), 100);
  });

  it('is not fooled by one lucky reply', () => {
    const model = modelOf([100, 100, 100, 20, 100, 100].map((ms) => [mebibyte, ms]));
    near(model.expected(mebibyte), 60);
  });

  it('forgets what was not seen again for two generations', () => {
    const model = modelOf([[mebibyte, 100]]);
    model.rotate();
    model.observe({ bytes: mebibyte, ms: 300, calm: false });
    near(model.expected(mebibyte), 100);
    model.rotate();
    near(model.expected(mebibyte), 300);
    model.rotate();
    assert.ok(model.empty);
  });
});
