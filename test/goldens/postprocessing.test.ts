import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NdArray, type Numbers, sizeOf } from '../../src/imaging/array.ts';
import {
  type DeepWatershedOptions,
  deepWatershed,
} from '../../src/imaging/watershed/deep-watershed.ts';
import { fillHoles } from '../../src/imaging/watershed/fill-holes.ts';
import { smoothPlane } from '../../src/imaging/watershed/gaussian.ts';
import { markHMaxima } from '../../src/imaging/watershed/h-maxima/h-maxima.ts';
import { erodeEdges } from '../../src/imaging/watershed/erode-edges.ts';
import { surveyLabels } from '../../src/imaging/watershed/label-survey.ts';
import { refineLabels } from '../../src/imaging/watershed/refine-labels.ts';
import type { PlaneSize } from '../../src/imaging/plane.ts';
import { floodLabels } from '../../src/imaging/watershed/watershed.ts';
import { markersOf } from '../imaging/markers-of.ts';
import { type GoldenCase, goldenCases } from './load.ts';

/** The parameters of a case, of whatever types. */
type Parameters = Readonly<Record<string, never>>;

const REPLAY: Readonly<Record<string, (one: GoldenCase, params: Parameters) => NdArray>> = {
  gaussian: (one, { sigma }) => {
    const { size, floats } = plane(one, 'image');
    const smooth = new Float32Array(floats.length);
    smoothPlane(floats, size, { sigma: [sigma, sigma], outside: 'mirror' }, smooth);
    return shaped(size, smooth);
  },
  h_maxima: (one, { h, radius }) => {
    const { size, floats } = plane(one, 'image');
    const marks = new Uint8Array(floats.length);
    markHMaxima(floats, size, { h, radius }, marks);
    return shaped(size, marks);
  },
  watershed: (one, { threshold }) => {
    const { size, floats } = plane(one, 'interior');
    const labels = plane(one, 'markers').integers;
    const markers = markersOf(labels);
    floodLabels({ plane: floats, size, threshold: Math.fround(threshold), markers }, labels);
    return shaped(size, labels);
  },
  deep_watershed: (one, params) =>
    deepWatershed({
      maxima: one.input('maxima') as NdArray<Float32Array>,
      interior: one.input('interior') as NdArray<Float32Array>,
      ...watershedOptions(params),
    }),
  label_ops: (one, { op, size: limit, min_size: minimum, erosion_width: passes }) => {
    const { size, integers: labels } = plane(one, 'labels');
    const greatest = Math.max(0, ...labels);
    const refine = (smallObjectsThreshold: number): void => {
      const channel = { data: labels, start: 0, step: 1 };
      const nothingElse = { labelErosion: 0, fillHolesThreshold: 0 };
      refineLabels(labels, size, { ...nothingElse, smallObjectsThreshold }, { greatest, channel });
    };
    const operations: Readonly<Record<string, () => unknown>> = {
      fill_holes: () => fillHoles(labels, size, limit, surveyLabels(labels, size, greatest)),
      remove_small_objects: () => {
        const before = labels.slice();
        refine(minimum);
        // They are renumbered too, which is another operation of the reference.
        for (const [pixel, label] of before.entries())
          if (labels[pixel] !== 0) labels[pixel] = label;
      },
      relabel_sequential: () => refine(1),
      erode_edges: () => erodeEdges(labels, size, passes),
    };
    operations[op]?.();
    return shaped(size, labels);
  },
};

for (const [group, replay] of Object.entries(REPLAY)) {
  for (const one of goldenCases(group)) {
    test(`${group}: ${one.name}`, () => {
      const [name = ''] = one.outputNames;
      const result = replay(one, one.params as Parameters);
      const expected = one.output(name);
      assert.deepEqual(result.shape, expected.shape);
      assert.deepEqual(result.data, expected.data);
    });
  }
}

interface Plane {
  readonly size: PlaneSize;
  readonly floats: Float32Array;
  readonly integers: Int32Array;
}

/** An input of axes `[row, column]`. */
function plane(one: GoldenCase, name: string): Plane {
  const { shape, data } = one.input(name);
  const [rows = 0, columns = 0] = shape;
  assert.equal(sizeOf(shape), rows * columns);
  const size = { rows, columns };
  return { size, floats: Float32Array.from(data), integers: Int32Array.from(data) };
}

function shaped<Data extends Numbers>({ rows, columns }: PlaneSize, data: Data): NdArray<Data> {
  return { shape: [rows, columns], data };
}

/** The reference's keywords: some are older names of others and win over them, and unknown ones have no effect. */
function watershedOptions(params: Parameters): DeepWatershedOptions {
  const { min_distance, distance_threshold, detection_threshold, ...others } = params;
  const camelCase = Object.entries(others).map(([name, value]) => [
    name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return {
    ...(Object.fromEntries(camelCase) as DeepWatershedOptions),
    ...(min_distance !== undefined && { radius: min_distance }),
    ...(distance_threshold !== undefined && { interiorThreshold: distance_threshold }),
    ...(detection_threshold !== undefined && { maximaThreshold: detection_threshold }),
  };
}
