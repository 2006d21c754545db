import { labelComponents } from '../../src/imaging/watershed/connected-components.ts';
import {
  type DeepWatershedOptions,
  deepWatershed,
} from '../../src/imaging/watershed/deep-watershed.ts';
import { fillHoles } from '../../src/imaging/watershed/fill-holes.ts';
import { smoothPlane } from '../../src/imaging/watershed/gaussian.ts';
import { markHMaxima } from '../../src/imaging/watershed/h-maxima/h-maxima.ts';
import {
  relabelSequentially,
  removeSmallObjects,
} from '../../src/imaging/watershed/label-operations.ts';
import { floodLabels } from '../../src/imaging/watershed/watershed.ts';
import type { Bench } from './measure.ts';
import { modelHeads } from './specimens.ts';

export const NUCLEAR: DeepWatershedOptions = {
  radius: 10,
  maximaThreshold: 0.1,
  interiorThreshold: 0.01,
};
export const WHOLE_CELL: DeepWatershedOptions = {
  radius: 2,
  maximaThreshold: 0.075,
  interiorThreshold: 0.2,
  interiorSmooth: 2,
  smallObjectsThreshold: 15,
  fillHolesThreshold: 15,
};

export const POSTPROCESSING: readonly Bench[] = [
  watershed('deep_watershed, nuclear', NUCLEAR, { 1024: 1437, 2048: 12391 }),
  watershed('deep_watershed, mesmer whole-cell', WHOLE_CELL, { 1024: 753, 2048: 5561 }),
  watershed(
    'deep_watershed, peak_local_max',
    { ...NUCLEAR, maximaAlgorithm: 'peak_local_max' },
    { 1024: 294, 2048: 1756 },
  ),
  smoothing('gaussian, sigma 1', 1, { 1024: 14, 2048: 71 }),
  smoothing('gaussian, sigma 2', 2, { 1024: 18, 2048: 84 }),
  maxima('h_maxima, disk 10', { h: 0.1, radius: 10 }, { 1024: 1239, 2048: 10832 }),
  maxima('h_maxima, disk 2', { h: 0.075, radius: 2 }, { 1024: 525, 2048: 3899 }),
  {
    name: 'label',
    reference: { 1024: 1.5, 2048: 9 },
    prepare(size) {
      const marks = marksOf(size);
      const labels = new Int32Array(marks.length);
      return () => labelComponents(marks, { rows: size, columns: size }, labels);
    },
  },
  {
    name: 'watershed',
    reference: { 1024: 135, 2048: 1088 },
    prepare(size) {
      const plane = modelHeads(size).interior.data;
      const markers = new Int32Array(plane.length);
      const labels = new Int32Array(plane.length);
      const extent = { rows: size, columns: size };
      labelComponents(marksOf(size), extent, markers);
      const threshold = Math.fround(0.01);
      return () => floodLabels({ plane, size: extent, threshold, markers }, labels);
    },
  },
  onLabels('relabel_sequential', (labels) => relabelSequentially(labels), { 1024: 49, 2048: 94 }),
  onLabels('remove_small_objects', (labels) => removeSmallObjects(labels, 15), {
    1024: 3.3,
    2048: 14,
  }),
  onLabels('fill_holes', (labels, size) => fillHoles(labels, { rows: size, columns: size }, 15), {
    1024: 83,
    2048: 339,
  }),
];

function watershed(
  name: string,
  options: DeepWatershedOptions,
  reference: Readonly<Record<number, number>>,
): Bench {
  return {
    name,
    reference,
    prepare(size) {
      const { distance, interior } = modelHeads(size);
      return () => deepWatershed({ maxima: distance, interior, ...options });
    },
  };
}

function smoothing(
  name: string,
  sigma: number,
  reference: Readonly<Record<number, number>>,
): Bench {
  return {
    name,
    reference,
    prepare(size) {
      const { data } = modelHeads(size).interior;
      const output = new Float32Array(data.length);
      const options = { sigma: [sigma, sigma], outside: 'mirror' } as const;
      return () => smoothPlane(data, { rows: size, columns: size }, options, output);
    },
  };
}

function maxima(
  name: string,
  options: { readonly h: number; readonly radius: number },
  reference: Readonly<Record<number, number>>,
): Bench {
  return {
    name,
    reference,
    prepare(size) {
      const { data } = modelHeads(size).distance;
      const marks = new Uint8Array(data.length);
      return () => markHMaxima(data, { rows: size, columns: size }, options, marks);
    },
  };
}

function marksOf(size: number): Uint8Array {
  const { data } = modelHeads(size).distance;
  const marks = new Uint8Array(data.length);
  markHMaxima(data, { rows: size, columns: size }, { h: 0.1, radius: 10 }, marks);
  return marks;
}

/** An operation that changes labels; each repeat gets a fresh copy, whose cost counts. */
function onLabels(
  name: string,
  operation: (labels: Int32Array, size: number) => unknown,
  reference: Readonly<Record<number, number>>,
): Bench {
  return {
    name,
    reference,
    prepare(size) {
      const { distance, interior } = modelHeads(size);
      const { data } = deepWatershed({ maxima: distance, interior, ...NUCLEAR });
      const labels = new Int32Array(data.length);
      return () => {
        labels.set(data);
        return operation(labels, size);
      };
    },
  };
}
