import { KnownError } from '../errors.ts';
import {
  type Image,
  type Labels,
  type NdArray,
  sharedFloat32,
  sharedInt32,
} from '../imaging/array.ts';
import { readNpy } from './npy.ts';

interface TrackFile {
  /** Contents of `raw.npy` and `tracked.npy`. */
  readonly raw: Uint8Array;
  readonly tracked: Uint8Array;
}

/** A movie whose cells are labelled. */
export interface LabelledMovie {
  /** float32 `[frame, row, column, channel]` */
  readonly image: Image;
  /** int32 `[frame, row, column, 1]` */
  readonly labels: Labels;
}

/**
 * Reads the arrays of a .trk or .trks file, of any types: `[frame, row, column, channel]`, or the same as a batch of one. Throws
 * `wrong_dimensions` for several movies, and as `readNpy`.
 */
export function readTrackFile({ raw, tracked }: TrackFile): LabelledMovie {
  const [image, labels] = [
    oneMovie(readNpy(raw, 'raw.npy')),
    oneMovie(readNpy(tracked, 'tracked.npy')),
  ];
  const pixels = sharedFloat32(image.data.length);
  pixels.set(image.data);
  const numbers = sharedInt32(labels.data.length);
  numbers.set(labels.data);
  return {
    image: { shape: image.shape, data: pixels },
    labels: { shape: labels.shape, data: numbers },
  };
}

function oneMovie(array: NdArray): NdArray {
  const [batch = 0, ...shape] = array.shape;
  if (shape.length !== 4) return array;
  if (batch === 1) return { shape, data: array.data };
  throw new KnownError(
    'wrong_dimensions',
    `The file holds ${batch} movies; a job tracks one. Submit each as a file of its own.`,
  );
}
