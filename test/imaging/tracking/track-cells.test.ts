import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from '../../../src/imaging/tracking/cell-tracker.ts';
import { type AssignmentInput, assignCells } from '../../../src/imaging/tracking/assign-cells.ts';
import { numberObjects } from '../../../src/imaging/tracking/movie-objects.ts';
import {
  checkCounts,
  trackCells,
  trackedLabels,
} from '../../../src/imaging/tracking/track-cells.ts';

const OPTIONS = { trackLength: 3, division: 0.9, death: 0.99, birth: 0.99 };

/** Embeddings that are the number of the frame and of the slot, and centroids on a line. */
function cellsOf(counts: readonly number[]) {
  const slots = Math.max(...counts);
  const data = Float32Array.from({ length: counts.length * slots * 2 }, (_, i) =>
    i % 2 === 0 ? Math.floor(i / 2 / slots) : Math.floor(i / 2) % slots,
  );
  const shape = [counts.length, slots, 2];
  return { counts, embeddings: { shape, data }, centroids: { shape, data } };
}

/** A model with one answer for all pairs. */
function always(answer: readonly number[], seen: Comparison[] = []) {
  return {
    compare: (comparison: Comparison) => {
      seen.push(comparison);
      const [, , tracks = 0] = comparison.currentCentroids.shape;
      const [, , cells = 0] = comparison.futureCentroids.shape;
      const data = Float32Array.from({ length: 3 * tracks * cells }, (_, i) => answer[i % 3] ?? 0);
      return Promise.resolve({ shape: [1, 1, tracks, cells, 3], data });
    },
    assign: (input: AssignmentInput) => Promise.resolve(assignCells(input)),
  };
}

test('shows the model the last frames of a track, the last one again where there are too few', async () => {
  const seen: Comparison[] = [];
  await trackCells(cellsOf([1, 1, 1, 1, 1]), OPTIONS, always([1, 0, 0], seen));
  const frames = seen.map(({ currentEmbeddings }) =>
    [...currentEmbeddings.data].filter((_, i) => i % 2 === 0),
  );
  assert.deepEqual(frames, [
    [0, 0, 0],
    [0, 1, 1],
    [0, 1, 2],
    [1, 2, 3],
  ]);
});

test('makes cells that look like daughters the daughters of a track, which ends', async () => {
  const { tracks, labels } = await trackCells(cellsOf([1, 2]), OPTIONS, always([0, 0, 1]));
  assert.deepEqual(labels, [[1], [2, 3]]);
  const [parent, ...daughters] = tracks;
  assert.deepEqual(parent, {
    label: 1,
    frames: [0],
    daughters: [2, 3],
    capped: true,
    dividedAt: 1,
    parent: undefined,
  });
  assert.deepEqual(
    daughters.map((track) => [track.parent, track.frames]),
    [
      [1, [1]],
      [1, [1]],
    ],
  );
});

test('takes the cell of a dividing track for its second daughter', async () => {
  const { tracks, labels } = await trackCells(cellsOf([1, 2]), OPTIONS, always([0.95, 0, 0.95]));
  assert.deepEqual(labels, [[1], [3, 2]]);
  assert.deepEqual(tracks[0]?.daughters, [2, 3]);
});

test('names the frame that has no cells', async () => {
  await assert.rejects(trackCells(cellsOf([1, 0, 1]), OPTIONS, always([1, 0, 0])), {
    code: 'nothing_to_track',
    message: 'Tracking needs cells in every frame; frame 1 has none.',
  });
});

test('says beforehand that there is nothing to track, or in which frame', () => {
  for (const counts of [[0], [0, 0, 0], []]) {
    assert.throws(() => checkCounts(counts), {
      code: 'nothing_to_track',
      message: 'There is nothing to track: no cells were found in any frame.',
    });
  }
  assert.throws(() => checkCounts([2, 1, 0]), { message: /frame 2 has none/ });
  checkCounts([1, 2]);
});

test('tracks a single frame without asking the model', async () => {
  const seen: Comparison[] = [];
  const { tracks, labels } = await trackCells(cellsOf([2]), OPTIONS, always([1, 0, 0], seen));
  assert.deepEqual(labels, [[1, 2]]);
  assert.equal(tracks.length, 2);
  assert.equal(seen.length, 0);
});

test('gives the pixels of a cell the label of its track', () => {
  const labels = { shape: [2, 1, 3, 1], data: Int32Array.of(0, 5, 2, 7, 0, 7) };
  const objects = numberObjects(labels);
  assert.deepEqual(objects.labels.data, Int32Array.of(0, 5, 4, 6, 0, 6));
  const tracked = trackedLabels({ objects, labels: [[1, 2], [1]] });
  assert.deepEqual(tracked.data, Int32Array.of(0, 2, 1, 1, 0, 1));
});

test('refuses a frame without background', () => {
  assert.throws(() => numberObjects({ shape: [2, 1, 2, 1], data: Int32Array.of(0, 1, 2, 3) }), {
    code: 'nothing_to_track',
    message: 'Frame 1 has no background pixel; its cells cannot be told apart from it.',
  });
});

test('numbers labels of any size, in memory that follows the pixels', () => {
  const data = Int32Array.of(0, 2 ** 31 - 1, 2_000_000_000, 7, 0, 2 ** 31 - 1);
  const objects = numberObjects({ shape: [2, 1, 3, 1], data });
  assert.deepEqual(objects.counts, [2, 2]);
  assert.deepEqual(objects.firstIds, [5, 7]);
  assert.deepEqual(objects.labels.data, Int32Array.of(0, 6, 5, 7, 0, 8));
});
