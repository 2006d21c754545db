import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExpectedPeaks, StagePeaks } from '../../src/intake/expected-peaks.ts';

/** The peaks of a job that has been through these stages. */
function peaksOf(stages: Readonly<Record<string, number>>): StagePeaks {
  const peaks = new StagePeaks();
  for (const [stage, bytes] of Object.entries(stages)) {
    peaks.arrive(stage, 0);
    peaks.reach(bytes);
  }
  return peaks;
}

/** A job that is in a stage now. */
function at(stage: string): StagePeaks {
  const peaks = new StagePeaks();
  peaks.arrive(stage, 0);
  return peaks;
}

describe('the peaks that are expected', () => {
  it('are those of the stage and the ones after it', () => {
    const expected = new ExpectedPeaks();
    expected.learn('predict', peaksOf({ download: 5, predict: 100, finish: 40, upload: 2 }));
    const ahead = (stage: string): number => expected.ahead('predict', at(stage));
    assert.deepEqual(['download', 'predict', 'finish', 'upload'].map(ahead), [100, 100, 40, 2]);
    assert.equal(expected.whole, 100);
  });

  it('are those of all jobs where a queue or a stage is new', () => {
    const expected = new ExpectedPeaks();
    expected.learn('predict', peaksOf({ download: 5, predict: 100 }));
    assert.equal(expected.ahead('track', at('download')), 100);
    assert.equal(expected.ahead('predict', at('split')), 100);
    assert.equal(expected.ahead('predict', new StagePeaks()), 100);
  });

  it('are those of the queue of the job', () => {
    const expected = new ExpectedPeaks();
    expected.learn('large', peaksOf({ predict: 100 }));
    expected.learn('small', peaksOf({ predict: 7 }));
    assert.equal(expected.ahead('small', at('predict')), 7);
    assert.equal(expected.ahead('large', at('predict')), 100);
  });

  it('are forgotten by a tenth with each job that reserved less, in each stage', () => {
    const expected = new ExpectedPeaks();
    expected.learn('predict', peaksOf({ predict: 100, finish: 40 }));
    expected.learn('predict', peaksOf({ predict: 10, finish: 39 }));
    assert.equal(expected.whole, 90);
    assert.equal(expected.ahead('predict', at('predict')), 90);
    assert.equal(expected.ahead('predict', at('finish')), 39);
  });

  it('are not learned from a job that reserved nothing', () => {
    const expected = new ExpectedPeaks();
    expected.learn('predict', peaksOf({ predict: 100 }));
    expected.learn('predict', new StagePeaks());
    assert.equal(expected.whole, 100);
  });
});
