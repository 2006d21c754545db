import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  LatencyModel,
  transferMs,
} from '../../../../../src/adapters/model-server/scheduler/endpoints/latency-model.ts';

const mebibyte = 2 ** 20;

interface Replies {
  readonly mebibytes: number;
  readonly ms: number;
  readonly inFlight?: number;
  readonly times?: number;
}

function observe(
  model: LatencyModel,
  { mebibytes, ms, inFlight = 1, times = 1 }: Replies,
): LatencyModel {
  for (let reply = 0; reply < times; reply++) {
    model.observe({ bytes: mebibytes * mebibyte, ms, inFlight });
  }
  return model;
}

function modelOf(...replies: readonly Replies[]): LatencyModel {
  return replies.reduce(observe, new LatencyModel());
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
    assert.equal(new LatencyModel().fixedMs, undefined);
  });

  it('finds the fixed and the proportional part', () => {
    const model = modelOf(
      ...[1, 2, 4, 8].map((mebibytes) => ({ mebibytes, ms: 20 + 7 * mebibytes })),
    );
    near(model.expected(16 * mebibyte), 132);
    near(model.fixedMs, 20);
  });

  it('takes a duration that depends on the size no more than the way does for what it is', () => {
    const model = modelOf(
      ...[1, 32, 7, 13].map((mebibytes) => ({ mebibytes: mebibytes / 64, ms: 100 })),
    );
    near(model.expected(20 * (mebibyte / 64)), 100, 0.03);
  });

  it('supposes that only the way depends on the size until it knows better', () => {
    const model = modelOf({ mebibytes: 2, ms: 100 });
    near(model.fixedMs, 100 - transferMs(2 * mebibyte));
    near(model.expected(mebibyte), 100 - transferMs(mebibyte));
    observe(model, { mebibytes: 1, ms: 75 });
    near(model.fixedMs, 50);
  });

  it('supposes that all depends on the size if the way alone takes longer', () => {
    const model = modelOf({ mebibytes: 8, ms: transferMs(4 * mebibyte) });
    assert.equal(model.fixedMs, 0);
    near(model.expected(4 * mebibyte), transferMs(2 * mebibyte));
  });

  it('knows the sizes that it has seen', () => {
    const model = modelOf({ mebibytes: 1, ms: 100, inFlight: 3 });
    assert.ok(model.knows(mebibyte + 10));
    assert.ok(!model.knows(2 * mebibyte));
  });

  it('never expects a negative duration', () => {
    const model = modelOf({ mebibytes: 8, ms: 10 }, { mebibytes: 16, ms: 100 });
    assert.ok((model.expected(1) ?? -1) >= 0);
  });

  it('leaves waiting out: the depth with the least of it counts', () => {
    const model = modelOf(
      { mebibytes: 1, ms: 100, inFlight: 2, times: 8 },
      { mebibytes: 1, ms: 300, inFlight: 6, times: 40 },
    );
    near(model.expected(mebibyte), 100);
  });

  it('compares sizes only where equally many were in flight', () => {
    const model = modelOf(
      // 10 ms and 10 ms for each mebibyte; large requests went alone, small ones stood in line.
      { mebibytes: 4, ms: 50, inFlight: 1, times: 20 },
      { mebibytes: 1, ms: 80, inFlight: 4, times: 20 },
      { mebibytes: 2, ms: 90, inFlight: 4, times: 20 },
    );
    near(model.fixedMs, 10, 0.1);
    near(model.expected(mebibyte), 20, 0.05);
  });

  it('counts the last replies of a size most', () => {
    const model = modelOf(
      { mebibytes: 1, ms: 500, times: 8 },
      { mebibytes: 1, ms: 100, times: 40 },
    );
    near(model.expected(mebibyte), 100, 0.05);
  });

  it('does not let the first, cold replies of a size speak against many of another', () => {
    const model = modelOf({ mebibytes: 1, ms: 400, times: 3 }, { mebibytes: 4, ms: 40, times: 20 });
    near(model.fixedMs, 40 - transferMs(4 * mebibyte));
  });

  it('forgets what was not seen again for two generations', () => {
    const model = modelOf({ mebibytes: 1, ms: 100, times: 2 });
    model.rotate();
    observe(model, { mebibytes: 1, ms: 300 });
    near(model.expected(mebibyte), 100);
    model.rotate();
    near(model.expected(mebibyte), 300);
    model.rotate();
    assert.ok(model.empty);
  });
});
