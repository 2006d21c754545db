import { KnownError } from '../errors.ts';
import type { NdArray } from '../imaging/array.ts';
import { type SizeLimits, checkImageSize } from './image-limits.ts';
import { describeFile } from './unread/unread-format.ts';
import { decodePicture, pictureShape } from './picture.ts';
import { isTiff } from './tiff/header.ts';
import { decodeTiff, tiffShape } from './tiff/decode-tiff.ts';

interface ImageFile {
  readonly bytes: Uint8Array;
  /** What the user calls the file, for messages. */
  readonly name: string;
}

/** The shape of the array that `decodeImage` would give, from the header alone. */
export function imageShape({ bytes, name }: ImageFile): readonly number[] {
  if (isTiff(bytes)) return tiffShape(bytes, name);
  return pictureShape(bytes, name);
}

/**
 * Reads an image file as float32. A TIFF gives its pages as tifffile's `imread` does; PNG and JPEG give
 * `[row, column, channel]`. Its size is checked before anything is allocated.
 */
export function decodeImage(
  file: ImageFile & { readonly limits: SizeLimits },
): NdArray<Float32Array> {
  const { bytes, name, limits } = file;
  if (isTiff(bytes)) return decodeTiff(bytes, name, limits);
  if (/\.tiff?$/i.test(name)) throw notTiff(file);
  checkImageSize(name, imageShape(file), limits);
  return decodePicture(bytes, name);
}

function notTiff({ bytes, name }: ImageFile): KnownError {
  const why = bytes.length === 0 ? 'empty' : `not a TIFF file: it ${describeFile(bytes)}`;
  return new KnownError('corrupt_image', `"${name}" is ${why}.`);
}
