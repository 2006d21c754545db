import { labelComponents } from '../../src/imaging/watershed/connected-components.ts';
import {
  type DeepWatershedOptions,
  deepWatershed,
} from '../../src/imaging/watershed/deep-watershed.ts';
import { fillHoles } from '../../src/imaging/watershed/fill-holes.ts';
import { smoothPlane } from '../../src/imaging/watershed/gaussian.ts';
import { markHMaxima } from '../../src/imaging/watershed/h-maxima/h-maxima.ts';
import { surveyLabels } from '../../src/imaging/watershed/label-survey.ts';
import { refineLabels } from '../../src/imaging/watershed/refine-labels.ts';
import { withScratch } from '../../src/imaging/scratch.ts';
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
      const extent = { rows: size, columns: size };
      return () => withScratch((scratch) => labelComponents(marks, extent, scratch).count);
    },
  },
  {
    name: 'watershed',
    reference: { 1024: 135, 2048: 1088 },
    prepare(size) {
      const plane = modelHeads(size).interior.data;
      const labels = new Int32Array(plane.length);
      const extent = { rows: size, columns: size };
      const markers = withScratch((scratch) => {
        const components = labelComponents(marksOf(size), extent, scratch);
        return { pixels: components.pixels.slice(), labels: components.labels.slice() };
      });
      const threshold = Math.fround(0.01);
      return () => floodLabels({ plane, size: extent, threshold, markers }, labels);
    },
  },
  onLabels(
    'remove_small_objects, relabel_sequential',
    (labels, size, greatest) => {
      const refinement = { labelErosion: 0, smallObjectsThreshold: 15, fillHolesThreshold: 0 };
      const whole = { greatest, channel: { data: labels, start: 0, step: 1 } };
      refineLabels(labels, { rows: size, columns: size }, refinement, whole);
    },
    { 1024: 3.3 + 49, 2048: 14 + 94 },
  ),
  onLabels(
    'fill_holes',
    (labels, side, greatest) => {
      const size = { rows: side, columns: side };
      fillHoles(labels, size, 15, surveyLabels(labels, size, greatest));
    },
    { 1024: 83, 2048: 339 },
  ),
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
  operation: (labels: Int32Array, size: number, greatest: number) => unknown,
  reference: Readonly<Record<number, number>>,
): Bench {
  return {
    name,
    reference,
    prepare(size) {
      const { distance, interior } = modelHeads(size);
      const { data } = deepWatershed({ maxima: distance, interior, ...NUCLEAR });
      const labels = new Int32Array(data.length);
      const greatest = data.reduce((most, label) => Math.max(most, label), 0);
      return () => {
        labels.set(data);
        return operation(labels, size, greatest);
      };
    },
  };
}
