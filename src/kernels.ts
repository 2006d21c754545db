import { decodeImage, describeImage } from './formats/decode-image.ts';
import { decodeLabels } from './formats/decode-labels.ts';
import { spotTable } from './formats/spot-table.ts';
import { readTrackFile } from './formats/track-file.ts';
import { encodeTiff } from './formats/encode-tiff.ts';
import { packFile } from './formats/archive/pack-file.ts';
import { arrangeAxes, takeChannels } from './imaging/axes.ts';
import { channelRanges } from './imaging/channel-ranges.ts';
import { countLabels } from './imaging/count-labels.ts';
import { deepWatershed } from './imaging/watershed/deep-watershed.ts';
import { assignCells } from './imaging/tracking/assign-cells.ts';
import { frameTensors } from './imaging/tracking/frame-tensors.ts';
import { numberObjects } from './imaging/tracking/movie-objects.ts';
import { multiplexPostprocess } from './imaging/applications/multiplex-postprocess.ts';
import { drawSpots } from './imaging/overlay.ts';
import { finishImage, prepareImage } from './imaging/applications/run-application.ts';
import { findSpots } from './imaging/spots/spots.ts';
import { cutTiles } from './imaging/tiling/tiling.ts';
import { trackedLabels } from './imaging/tracking/track-cells.ts';
import { blendTiles } from './imaging/tiling/untiling.ts';

/** The kernels that run on the compute pool: pure functions of one argument, arrays in and arrays out. */
export const kernels = {
  describeImage,
  decodeImage,
  decodeLabels,
  readTrackFile,
  arrangeAxes,
  takeChannels,
  channelRanges,
  prepareImage,
  cutTiles,
  blendTiles,
  finishImage,
  countLabels,
  deepWatershed,
  findSpots,
  drawSpots,
  spotTable,
  numberObjects,
  frameTensors,
  assignCells,
  trackedLabels,
  multiplexPostprocess,
  encodeTiff,
  packFile,
};

export type Kernels = typeof kernels;
export type KernelName = keyof Kernels;
