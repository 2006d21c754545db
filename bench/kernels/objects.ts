import { measureCells } from '../../src/imaging/cell-table/measure-cells.ts';
import { deepWatershed } from '../../src/imaging/watershed/deep-watershed.ts';
import { findSpots } from '../../src/imaging/spots/spots.ts';
import { frameFeatures } from '../../src/imaging/tracking/tracking-features.ts';
import type { Bench } from './measure.ts';
import { asChannel, cameraImage, modelHeads, planeOf } from './specimens.ts';

export const OBJECTS: readonly Bench[] = [
  {
    name: 'spots, peak finding',
    reference: { 1024: 36, 2048: 153 },
    prepare(size) {
      const classification = asChannel(modelHeads(size).distance, 1, 2);
      const offsets = { shape: classification.shape, data: new Float32Array(2 * size * size) };
      return () => findSpots({ classification, offsets, threshold: 0.95 });
    },
  },
  {
    name: 'tracking features of a frame',
    reference: { 1024: 458, 2048: 1856 },
    prepare(size) {
      const { distance, interior } = modelHeads(size);
      const labels = planeOf(deepWatershed({ maxima: distance, interior }));
      const image = { shape: [size, size, 1], data: cameraImage(size, 1).data };
      return () => frameFeatures({ image, labels, appearanceSize: 32, crop: 'resize' });
    },
  },
  {
    name: 'table of cells',
    prepare(size) {
      const { distance, interior } = modelHeads(size);
      const labels = planeOf(deepWatershed({ maxima: distance, interior }));
      const image = { shape: [size, size, 2], data: cameraImage(size, 2).data };
      return () => measureCells({ labels, image });
    },
  },
];
