import { KnownError } from '../errors.ts';
import { sizeOf } from '../imaging/array.ts';
import { shapeWords } from '../imaging/shape-words.ts';

/** What an image may take. Zero: no limit. */
export interface SizeLimits {
  /** Rows. */
  readonly maxHeight: number;
  /** Columns. */
  readonly maxWidth: number;
  /** Bytes of the file, and of the image as float32. */
  readonly maxFileBytes: number;
}

/** Bytes of an image as float32 that a file of any size may hold: what memory of this size costs is time too. */
export const ALWAYS_ALLOWED = 96 * 2 ** 20;
/** More bytes that it may have for each byte of the file, beyond the first ones. */
export const LARGEST_RATIO = 256;
const FIRST_BYTES = 2 ** 20;

interface Described {
  readonly shape: readonly number[];
  /** See `ImageDescription`. */
  readonly axes: string;
}

/**
 * Refuses an image by what its header says, before anything is allocated: more rows or columns than
 * allowed, where it is known which they are, or more bytes. Frames are counted where it is known
 * which axis they are: see `checkExtent` of the plan.
 */
export function checkImageSize(
  name: string,
  { shape, axes }: Described,
  { limits, fileBytes }: { readonly limits: SizeLimits; readonly fileBytes: number },
): void {
  const { maxHeight, maxWidth, maxFileBytes } = limits;
  const rows = shape[axes.indexOf('Y')] ?? 0;
  const columns = shape[axes.indexOf('X')] ?? 0;
  if ((maxHeight > 0 && rows > maxHeight) || (maxWidth > 0 && columns > maxWidth)) {
    throw tooLarge(
      `"${name}" is ${rows} × ${columns} pixels large; at most ${maxHeight} × ${maxWidth} are ` +
        'allowed (MAX_IMAGE_HEIGHT × MAX_IMAGE_WIDTH).',
    );
  }
  const bytes = sizeOf(shape) * 4;
  const words = `"${name}" holds ${shapeWords(shape)} values`;
  if (maxFileBytes > 0 && bytes > maxFileBytes) {
    throw tooLarge(`${words}, more than the ${maxFileBytes} bytes that MAX_FILE_BYTES allows.`);
  }
  const allowed = ALWAYS_ALLOWED + LARGEST_RATIO * Math.max(0, fileBytes - FIRST_BYTES);
  if (bytes > allowed) {
    throw tooLarge(
      `${words}, ${bytes} bytes as an image; at most ${allowed} are allowed of a file of ` +
        `${fileBytes} bytes. Save it with fewer frames, or without compression.`,
    );
  }
}

/** An `image_too_large` error. */
export function tooLarge(message: string): KnownError {
  return new KnownError('image_too_large', message);
}
