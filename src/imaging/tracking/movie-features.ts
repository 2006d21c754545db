import { KnownError } from '../../errors.ts';
import { adjacencyOf } from './adjacency.ts';
import { type Image, type Labels, type NdArray, sharedFloat32 } from '../array.ts';
import { type MovieObjects, numberObjects } from './movie-objects.ts';
import { type AppearanceOptions, frameFeatures } from './tracking-features.ts';

export interface MovieFeaturesInput extends AppearanceOptions {
  /** float32 `[frame, row, column, channel]` */
  readonly image: Image;
  /** int32 `[frame, row, column, 1]` */
  readonly labels: Labels;
  /** Cells nearer than this many pixels are neighbours. */
  readonly neighbourDistance: number;
}

/** What the tracking models see of a movie, in as many slots as the fullest frame has cells; unused slots hold zeros. float32. */
export interface MovieFeatures {
  readonly objects: MovieObjects;
  /** `[frame, slot, row, column, channel]` */
  readonly appearances: NdArray<Float32Array>;
  /** Area, perimeter and eccentricity: `[frame, slot, 3]`. */
  readonly morphologies: NdArray<Float32Array>;
  /** Row and column: `[frame, slot, 2]`. */
  readonly centroids: NdArray<Float32Array>;
  /** `[frame, slot, slot]`, see `adjacencyOf`. */
  readonly adjacency: NdArray<Float32Array>;
}

/**
 * Numbers the cells of a movie and describes them frame by frame. Throws `wrong_dimensions` if image and labels do not go together,
 * `invalid_job` for a frame without background.
 */
export function movieFeatures(input: MovieFeaturesInput): MovieFeatures {
  const { image, labels, appearanceSize: side, neighbourDistance } = input;
  checkMovie(image.shape, labels.shape);
  const objects = numberObjects(labels);
  const [frames = 0, rows = 0, columns = 0, channels = 0] = image.shape;
  const slots = objects.counts.reduce((most, count) => Math.max(most, count), 0);
  const appearances = empty([frames, slots, side, side, channels]);
  const morphologies = empty([frames, slots, 3]);
  const centroids = empty([frames, slots, 2]);
  const adjacency = empty([frames, slots, slots]);
  for (let frame = 0; frame < frames; frame++) {
    const features = frameFeatures({
      ...input,
      image: frameOf(image, frame, [rows, columns, channels]),
      labels: frameOf(objects.labels, frame, [rows, columns]),
    });
    setFrame(appearances, frame, features.appearances.data);
    setFrame(morphologies, frame, features.morphologies.data);
    setFrame(centroids, frame, features.centroids.data);
    const positions = frameOf(centroids, frame, [slots, 2]);
    setFrame(adjacency, frame, adjacencyOf(positions, neighbourDistance).data);
  }
  return { objects, appearances, morphologies, centroids, adjacency };
}

/** In the words of the reference. */
function checkMovie(image: readonly number[], labels: readonly number[]): void {
  if (image.length !== 4 || labels.length !== 4) {
    throw new KnownError(
      'wrong_dimensions',
      'Input data and labels must be rank 4 (frames, x, y, channels). ' +
        `Got rank ${image.length} (X) and rank ${labels.length} (y).`,
    );
  }
  if ([0, 1, 2].some((axis) => image[axis] !== labels[axis])) {
    throw new KnownError(
      'wrong_dimensions',
      'Input data and labels should have the same shape except for the channel dimension.  ' +
        `Got (${image.join(', ')}) and (${labels.join(', ')}).`,
    );
  }
}

function empty(shape: readonly number[]): NdArray<Float32Array> {
  return { shape, data: sharedFloat32(shape.reduce((length, axis) => length * axis, 1)) };
}

function frameOf<Data extends Float32Array | Int32Array>(
  { shape, data }: NdArray<Data>,
  frame: number,
  frameShape: readonly number[],
): NdArray<Data> {
  const length = data.length / Math.max(shape[0] ?? 1, 1);
  // `subarray` keeps the type of the array.
  return { shape: frameShape, data: data.subarray(frame * length, (frame + 1) * length) as Data };
}

function setFrame(
  { shape, data }: NdArray<Float32Array>,
  frame: number,
  values: Float32Array,
): void {
  data.set(values, frame * (data.length / Math.max(shape[0] ?? 1, 1)));
}
