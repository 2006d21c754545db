import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalizeAdjacency } from '../../src/imaging/tracking/adjacency.ts';
import type { Labels, NdArray } from '../../src/imaging/array.ts';
import { linearSumAssignment } from '../../src/imaging/tracking/linear-sum-assignment.ts';
import { numberObjects } from '../../src/imaging/tracking/movie-objects.ts';
import { trackCosts } from '../../src/imaging/tracking/assign-cells.ts';
import { frameFeatures } from '../../src/imaging/tracking/tracking-features.ts';
import { type GoldenCase, goldenCases } from './load.ts';

type Results = Readonly<Record<string, ArrayLike<number>>>;

function replayFeatures(one: GoldenCase): Results {
  const { appearance_dim: size, crop_mode: mode, norm } = one.params;
  const labels = one.input('y');
  const features = frameFeatures({
    image: one.input('X') as NdArray<Float32Array>,
    labels: { shape: labels.shape, data: Int32Array.from(labels.data) },
    appearanceSize: Number(size),
    crop: mode === 'resize' ? 'resize' : norm === true ? 'fixed, normalized' : 'fixed',
  });
  const { appearances, centroids, morphologies } = features;
  return {
    labels: features.labels,
    appearances: appearances.data,
    centroids: centroids.data,
    morphologies: morphologies.data,
  };
}

function replayAdjacency(one: GoldenCase): Results {
  const { shape, data } = one.input('adj') as NdArray<Float32Array>;
  const [frames = 0, slots = 0] = shape;
  const area = slots * slots;
  const adjacencies = Array.from({ length: frames }, (_, frame) =>
    normalizeAdjacency({
      shape: [slots, slots],
      data: data.subarray(frame * area, (frame + 1) * area),
    }),
  );
  return { adj: adjacencies.flatMap((adjacency) => [...adjacency.data]) };
}

function replayNumbering(one: GoldenCase): Results {
  const { shape, data } = one.input('y');
  const labels: Labels = { shape, data: Int32Array.from(data) };
  return { y: numberObjects(labels).labels.data };
}

function replay(one: GoldenCase): Results {
  if (one.inputNames.includes('adj')) return replayAdjacency(one);
  return one.inputNames.includes('X') ? replayFeatures(one) : replayNumbering(one);
}

function assertNear(found: readonly number[], expected: readonly number[], most: number): void {
  assert.equal(found.length, expected.length);
  const farthest = found.map((value, i) => Math.abs(value - (expected[i] ?? NaN)));
  assert.ok(Math.max(...farthest) <= most, `off by ${Math.max(...farthest)}`);
}

for (const one of goldenCases('tracking_features')) {
  test(`tracking_features: ${one.name}`, () => {
    const results = replay(one);
    for (const name of one.outputNames) {
      const [found, expected] = [
        Array.from(results[name] ?? []),
        Array.from(one.output(name).data),
      ];
      // The power function that numpy calls here is not rounded correctly, so the manifest allows for it.
      if (name === 'adj') assertNear(found, expected, 1e-6);
      else assert.deepEqual(found, expected, name);
    }
  });
}

for (const one of goldenCases('lsa')) {
  test(`lsa: ${one.name}`, () => {
    const costs = one.inputNames.includes('cost') ? one.input('cost') : trackCostsOf(one);
    const columns = linearSumAssignment(costs as NdArray<Float64Array>);
    assert.deepEqual(Array.from(columns), Array.from(one.output('col').data));
  });
}

function trackCostsOf(one: GoldenCase): NdArray<Float32Array> {
  const { birth, death } = one.params;
  const unlikeness = one.input('assignment_matrix') as NdArray<Float64Array>;
  const costs = trackCosts(unlikeness, { birth: Number(birth), death: Number(death) });
  assert.deepEqual(costs.data, one.output('cost').data);
  return costs;
}
