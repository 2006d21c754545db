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

  it('supposes that half the size takes half the time until it knows better', () => {
    const model = new LatencyModel();
    assert.equal(model.fixedShare(mebibyte), 1);
    model.observe({ bytes: 2 * mebibyte, ms: 100, calm: true });
    near(model.expected(mebibyte), 50);
    assert.equal(model.fixedShare(mebibyte), 0);
    model.observe({ bytes: mebibyte, ms: 75, calm: true });
    near(model.expected(2 * mebibyte), 100);
    near(model.fixedShare(2 * mebibyte), 0.5);
  });

  it('trusts calm replies more than others', () => {
    const model = modelOf([[4 * mebibyte, 400]]);
    for (const bytes of [mebibyte, 2 * mebibyte, 8 * mebibyte]) {
      model.observe({ bytes, ms: 100, calm: true });
    }
    near(model.expected(4 * mebibyte), 100, 0.15);
  });

  it('knows the sizes that it has seen', () => {
    const model = modelOf([[mebibyte, 100]]);
    assert.ok(model.knows(mebibyte + 10));
    assert.ok(!model.knows(2 * mebibyte));
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
