import { KnownError } from '../errors.ts';
import {
  type Image,
  type Labels,
  type NdArray,
  type Numbers,
  sharedFloat32,
  sharedInt32,
  sizeOf,
} from '../imaging/array.ts';
import { shapeWords } from '../imaging/shape-words.ts';
import { takeForBackground } from './non-finite-note.ts';
import { readNpy } from './npy/npy.ts';

/** Whether a file of this name holds a movie and its labels. */
export function isTrackName(name: string): boolean {
  return /\.trks?$/i.test(name);
}

/** The files in the archive that are read. */
export const TRACK_FILES = ['raw.npy', 'tracked.npy'] as const;

/** What is read of the archive, by the names of its files. */
export function trackFileOf(files: ReadonlyMap<string, Uint8Array>): TrackFile {
  const [raw = NONE, tracked = NONE] = TRACK_FILES.map((name) => files.get(name));
  return { raw, tracked };
}

const NONE = new Uint8Array();

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
  /** What was replaced, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads the arrays of a .trk or .trks file, of any types: `[frame, row, column, channel]`, labels of one
 * channel, or the same as a batch of one. NaN and infinite pixels become background. Throws
 * `wrong_dimensions` for several movies and for shapes that cannot be tracked, `corrupt_image` for empty ones
 * and for values that are no labels, `blank_image` for a frame without a number, and as `readNpy`.
 */
export function readTrackFile({ raw, tracked }: TrackFile): LabelledMovie {
  const [image, labels] = [
    oneMovie(readNpy(raw, 'raw.npy')),
    oneMovie(readNpy(tracked, 'tracked.npy')),
  ];
  checkShapes(image.shape, labels.shape);
  checkLabels(labels.data);
  const pixels = sharedFloat32(image.data.length);
  pixels.set(image.data);
  const numbers = sharedInt32(labels.data.length);
  numbers.set(labels.data);
  const movie = { shape: image.shape, data: pixels };
  const { notes, blank } = takeForBackground(movie, 'TYXC', 'raw.npy');
  checkFrames(blank, image.shape);
  return { image: movie, labels: { shape: labels.shape, data: numbers }, notes };
}

/** All channels of the image are looked at, but the labels must say of each pixel which cell it is in. */
function checkShapes(image: readonly number[], labels: readonly number[]): void {
  if (image.length === 4 && sizeOf(image) === 0) {
    throw new KnownError(
      'corrupt_image',
      `"raw.npy" holds an empty array: its shape is ${shapeWords(image)} (frames, rows, columns, channels).`,
    );
  }
  const expected = image.length === 4 ? [...image.slice(0, 3), 1] : undefined;
  if (expected !== undefined && expected.join() === labels.join()) return;
  const places = expected === undefined ? '' : `: ${shapeWords(expected)}`;
  throw new KnownError(
    'wrong_dimensions',
    `The shape of "raw.npy" is ${found(image)}, and that of "tracked.npy" ${found(labels)}. Tracking ` +
      'needs frames × rows × columns × channels, and labels for the same pixels in one channel, ' +
      `frames × rows × columns × 1${places}.`,
  );
}

function found(shape: readonly number[]): string {
  return shape.length === 0 ? 'that of a single number' : shapeWords(shape);
}

const GREATEST_LABEL = 2 ** 31 - 1;

/** Labels are whole numbers that fit: any other value would be another label, or none, once it is one of 32 bits. */
function checkLabels(data: Numbers): void {
  for (let i = 0; i < data.length; i++) {
    const label = data[i];
    if (label >= 0 && label === (label | 0)) continue;
    const why =
      label > GREATEST_LABEL && Number.isInteger(label)
        ? 'does not fit 32 bits'
        : 'is no whole number from 0 on';
    throw new KnownError(
      'corrupt_image',
      `"tracked.npy": label ${label} ${why}; labels are 0 (background) to ${GREATEST_LABEL}. Number the cells anew.`,
    );
  }
}

/**
 * Cells of a frame that nobody sees would be tracked by their places alone. Planes are counted by frame and
 * channel.
 */
function checkFrames([blank]: readonly number[], [, , , channels = 1]: readonly number[]): void {
  if (blank === undefined) return;
  const frame = Math.floor(blank / channels);
  throw new KnownError(
    'blank_image',
    `Frame ${frame} of "raw.npy" holds no numbers in channel ${blank % channels}: its values are NaN or infinite.`,
  );
}

function oneMovie(array: NdArray): NdArray {
  const [batch = 0, ...shape] = array.shape;
  if (shape.length !== 4 || batch === 0) return array;
  if (batch === 1) return { shape, data: array.data };
  throw new KnownError(
    'wrong_dimensions',
    `The file holds ${batch} movies; a job tracks one. Submit each as a file of its own.`,
  );
}
