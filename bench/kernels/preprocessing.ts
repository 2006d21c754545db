import {
  histogramNormalization,
  mesmerPreprocess,
  minMaxNormalize,
  percentileThreshold,
} from '../../src/imaging/normalize/normalization.ts';
import type { Bench } from './measure.ts';
import { cameraImage } from './specimens.ts';

export const PREPROCESSING: readonly Bench[] = [
  {
    name: 'histogram_normalization',
    reference: { 1024: 41, 2048: 190 },
    prepare(size) {
      const image = cameraImage(size, 1);
      return () => histogramNormalization({ image });
    },
  },
  {
    name: 'percentile_threshold, 2 channels',
    reference: { 1024: 33, 2048: 136 },
    prepare(size) {
      const image = cameraImage(size, 2);
      return () => percentileThreshold({ image });
    },
  },
  {
    name: 'histogram_normalization 128, 2 channels',
    reference: { 1024: 83, 2048: 372 },
    prepare(size) {
      const image = cameraImage(size, 2);
      return () => histogramNormalization({ image, kernelSize: 128 });
    },
  },
  {
    name: 'mesmer preprocessing, 2 channels',
    reference: { 1024: 116, 2048: 508 },
    prepare(size) {
      const image = cameraImage(size, 2);
      return () => mesmerPreprocess({ image });
    },
  },
  {
    name: 'min_max_normalize',
    reference: { 1024: 0.4, 2048: 4 },
    prepare(size) {
      const image = cameraImage(size, 1);
      return () => minMaxNormalize({ image });
    },
  },
  {
    name: 'min_max_normalize, clipped',
    reference: { 1024: 16, 2048: 79 },
    prepare(size) {
      const image = cameraImage(size, 1);
      return () => minMaxNormalize({ image, clip: true });
    },
  },
];
