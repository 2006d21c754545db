import { decodeImage } from './formats/decode-image.ts';
import { encodeTiff } from './formats/encode-tiff.ts';
import { arrangeAxes, moveAxisLast, takeChannels } from './imaging/axes.ts';
import { deepWatershed } from './imaging/deep-watershed.ts';
import { linearSumAssignment } from './imaging/linear-sum-assignment.ts';
import { movieFeatures } from './imaging/movie-features.ts';
import { multiplexPostprocess } from './imaging/multiplex-postprocess.ts';
import { drawSpots } from './imaging/overlay.ts';
import { finishImage, prepareImage } from './imaging/run-application.ts';
import { locateSpots } from './imaging/spot-cells.ts';
import { findSpots } from './imaging/spots.ts';
import { cutTiles } from './imaging/tiling.ts';
import { trackedLabels } from './imaging/track-cells.ts';
import { blendTiles } from './imaging/untiling.ts';

/** The kernels that run on the compute pool: pure functions of one argument, arrays in and arrays out. */
export const kernels = {
  decodeImage,
  arrangeAxes,
  moveAxisLast,
  takeChannels,
  prepareImage,
  cutTiles,
  blendTiles,
  finishImage,
  deepWatershed,
  findSpots,
  drawSpots,
  locateSpots,
  movieFeatures,
  linearSumAssignment,
  trackedLabels,
  multiplexPostprocess,
  encodeTiff,
};

export type Kernels = typeof kernels;
export type KernelName = keyof Kernels;
