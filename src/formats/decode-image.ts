import { KnownError } from '../errors.ts';
import type { NdArray } from '../imaging/array.ts';
import type { ImageDescription } from './image-description.ts';
import { type SizeLimits, checkImageSize } from './image-limits.ts';
import { takeForBackground } from './non-finite-note.ts';
import { decodePicture, describePicture } from './picture.ts';
import { decodeTiff } from './tiff/decode-tiff.ts';
import { isTiff } from './tiff/header.ts';
import { openTiff } from './tiff/open-tiff.ts';
import { describeFile } from './unread/unread-format.ts';

/** A file, and what its image may take. */
interface ImageFile {
  readonly bytes: Uint8Array;
  /** What the user calls the file, for messages. */
  readonly name: string;
  readonly limits: SizeLimits;
}

/** An image as its file describes it. */
export interface DecodedImage extends ImageDescription, NdArray<Float32Array> {
  /**
   * Planes without a single number, which hold zeros: they are not in the file, or hold only NaN and
   * infinities. Planes are numbered by all axes other than rows and columns, in their order; by all
   * but the last two where it is not known which these are.
   */
  readonly blankPlanes: readonly number[];
}

/**
 * Reads what a file says about its image, and nothing of the pixels; in time that follows the bytes
 * of the file. Throws `corrupt_image`, `unsupported_file` or `image_too_large`.
 */
export function describeImage({ bytes, name, limits }: ImageFile): ImageDescription {
  const description = descriptionOf(bytes, name);
  checkImageSize(name, description, { limits, fileBytes: bytes.length });
  return description;
}

/**
 * Reads an image file as float32 in shared memory: the array that tifffile's `imread` gives of a TIFF,
 * and `[row, column, channel]` of PNG and JPEG, with what the file says about it. NaN and infinite
 * values become background, and are counted in a note. The size of the image is checked before
 * anything is allocated. Throws as `describeImage`, and `blank_image` if no value is a number.
 */
export function decodeImage(file: ImageFile): DecodedImage {
  const { bytes, name, limits } = file;
  if (!isTiff(bytes)) {
    return { ...describeImage(file), ...decodePicture(bytes, name), blankPlanes: [] };
  }
  const { description, data, missing } = decodeTiff(bytes, name, limits);
  const image = { ...description, data, blankPlanes: samplesOf(missing, description) };
  return description.sampleType.startsWith('float') ? withoutNonFinite(image, name) : image;
}

/** Only floating-point samples can be no numbers. */
function withoutNonFinite(image: DecodedImage, name: string): DecodedImage {
  const { notes, blank } = takeForBackground(image, image.axes, name);
  return {
    ...image,
    notes: [...image.notes, ...notes],
    blankPlanes: [...image.blankPlanes, ...blank],
  };
}

function descriptionOf(bytes: Uint8Array, name: string): ImageDescription {
  if (isTiff(bytes)) return openTiff(bytes, name).description;
  if (/\.tiff?$/i.test(name)) throw notTiff(bytes, name);
  return describePicture(bytes, name);
}

/** A plane of the file has one for each sample. */
function samplesOf(planes: readonly number[], { shape, axes }: ImageDescription): number[] {
  const samples = shape[axes.indexOf('S')] ?? 1;
  return planes.flatMap((plane) =>
    Array.from({ length: samples }, (_, at) => plane * samples + at),
  );
}

function notTiff(bytes: Uint8Array, name: string): KnownError {
  const why = bytes.length === 0 ? 'empty' : `not a TIFF file: it ${describeFile(bytes)}`;
  return new KnownError('corrupt_image', `"${name}" is ${why}.`);
}
