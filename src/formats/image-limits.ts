import { KnownError } from '../errors.ts';
import { sizeOf } from '../imaging/array.ts';

/** What an image may take. Zero: no limit. */
export interface SizeLimits {
  /** Rows. */
  readonly maxHeight: number;
  /** Columns. */
  readonly maxWidth: number;
  /** Bytes of the file, and of the image as float32. */
  readonly maxFileBytes: number;
}

/** Refuses an image by what its header says, before anything is allocated. Its two longest axes are its rows and columns. */
export function checkImageSize(name: string, shape: readonly number[], limits: SizeLimits): void {
  const { maxHeight, maxWidth, maxFileBytes } = limits;
  const [longest = 1, second = 1] = shape.toSorted((a, b) => b - a);
  const unlimited = maxHeight === 0 || maxWidth === 0;
  const tooLong = longest > Math.max(maxHeight, maxWidth) || second > Math.max(maxHeight, maxWidth);
  if (!unlimited && tooLong) {
    throw new KnownError(
      'image_too_large',
      `"${name}" is ${shape.join(' × ')} pixels large; at most ${maxHeight} × ${maxWidth} are allowed ` +
        '(MAX_IMAGE_HEIGHT × MAX_IMAGE_WIDTH).',
    );
  }
  if (maxFileBytes > 0 && sizeOf(shape) * 4 > maxFileBytes) {
    throw new KnownError(
      'image_too_large',
      `"${name}" holds ${shape.join(' × ')} values, more than the ${maxFileBytes} bytes that MAX_FILE_BYTES allows.`,
    );
  }
}
