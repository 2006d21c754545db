import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import { breakersOf } from '../../../src/flow/circuit-breaker/breakers.ts';
import { type AnyStage } from '../../../src/flow/stage.ts';
import { defineStage } from '../../../src/flow/stage.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const options = {
  clock: new FakeClock(),
  firstPauseMs: 1000,
  longestPauseMs: 4000,
  emit: () => {},
  controls: {},
};

function stage(name: string, remote?: string): AnyStage {
  return defineStage({ name, concurrency: 1, ...(remote && { remote }), run: async () => ({}) });
}

test('stages that name the same remote share its breaker, others have none', () => {
  const stages = [stage('download', 'read'), stage('decode'), stage('extract', 'read')];
  const breakers = breakersOf([...stages, stage('upload', 'write')], { ...options, jobs: 32 });
  assert.deepEqual([...breakers.keys()], ['read', 'write']);
});

for (const [jobs, opensAfter] of [
  [1, 1],
  [2, 2],
  [32, 3],
] as const) {
  test(`opens after ${opensAfter} jobs where ${jobs} may be held`, async () => {
    const breaker = breakersOf([stage('download', 'read')], { ...options, jobs }).get('read');
    assert.ok(breaker);
    const error = new KnownError('bucket_unavailable', 'HTTP 503.');
    for (let count = 1; count <= opensAfter; count++) {
      assert.equal(breaker.state, 'closed');
      const { signal } = new AbortController();
      (await breaker.admit(`job ${count}`, Infinity, signal))?.failed(error);
    }
    assert.equal(breaker.state, 'open');
  });
}
