import { type NdArray, sharedFloat32, sizeOf } from '../array.ts';
import { adjacencyOf } from './adjacency.ts';
import { type FrameFeaturesInput, frameFeatures } from './tracking-features.ts';

export interface FrameTensorsInput extends FrameFeaturesInput {
  /** Cells of the fullest frame of the movie. */
  readonly slots: number;
  /** Cells nearer than this many pixels are neighbours. */
  readonly neighbourDistance: number;
}

/**
 * What the neighbourhood encoder sees of a frame, in as many slots as the fullest frame has cells; unused
 * slots hold zeros. float32.
 */
export interface FrameTensors {
  /** `[1, slot, row, column, channel]` */
  readonly appearances: NdArray<Float32Array>;
  /** Area, perimeter and eccentricity: `[1, slot, 3]`. */
  readonly morphologies: NdArray<Float32Array>;
  /** Row and column: `[1, slot, 2]`. */
  readonly centroids: NdArray<Float32Array>;
  /** `[1, slot, slot]`, see `adjacencyOf`. */
  readonly adjacency: NdArray<Float32Array>;
}

/** Describes the cells of one frame, ascending by label. */
export function frameTensors(input: FrameTensorsInput): FrameTensors {
  const { slots, neighbourDistance } = input;
  const features = frameFeatures(input);
  const centroids = inSlots(features.centroids, slots);
  const positions = { shape: [slots, 2], data: centroids.data };
  const { data } = adjacencyOf(positions, neighbourDistance);
  return {
    appearances: inSlots(features.appearances, slots),
    morphologies: inSlots(features.morphologies, slots),
    centroids,
    adjacency: inSlots({ shape: [slots, slots], data }, slots),
  };
}

/** Rows with others of zeros after them, as a batch of one, in shared memory. */
function inSlots({ shape, data }: NdArray<Float32Array>, slots: number): NdArray<Float32Array> {
  const [, ...row] = shape;
  const filled = sharedFloat32(slots * sizeOf(row));
  filled.set(data);
  return { shape: [1, slots, ...row], data: filled };
}
