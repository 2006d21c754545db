import { KnownError } from '../../errors.ts';
import type { ImageLimits } from '../../flow/stage.ts';
import type { Image } from '../../imaging/array.ts';
import type { Size } from '../../imaging/plane.ts';

/**
 * Refuses an image `[batch, row, column, channel]` that is higher or wider than allowed, or has more
 * images in its batch, which are frames or slices. A limit of 0 allows all.
 */
export function checkExtent({ shape }: Pick<Image, 'shape'>, limits: ImageLimits): void {
  const { maxHeight, maxWidth, maxFrames } = limits;
  const [frames = 0, rows = 0, columns = 0] = shape;
  const tooHigh = maxHeight > 0 && rows > maxHeight;
  const tooWide = maxWidth > 0 && columns > maxWidth;
  if (tooHigh || tooWide) {
    throw new KnownError(
      'image_too_large',
      `The image has ${rows} × ${columns} pixels; at most ${maxHeight} × ${maxWidth} are allowed ` +
        '(MAX_IMAGE_HEIGHT × MAX_IMAGE_WIDTH).',
    );
  }
  if (maxFrames > 0 && frames > maxFrames) {
    throw new KnownError(
      'image_too_large',
      `The file holds ${frames} images of ${rows} × ${columns} pixels (frames or slices); at most ` +
        `${maxFrames} are allowed (MAX_IMAGE_FRAMES).`,
    );
  }
}

/**
 * Refuses an image that its scale would make higher or wider than allowed. For jobs that name their model:
 * other images are limited only as the user gave them.
 */
export function checkRescaled([rows, columns]: Size, scale: number, limits: ImageLimits): void {
  const { maxHeight, maxWidth } = limits;
  const fits = (length: number, most: number): boolean => most === 0 || length <= most;
  if (fits(rows, maxHeight) && fits(columns, maxWidth)) return;
  throw new KnownError(
    'image_too_large',
    `At a scale of ${scale} the image has ${rows} × ${columns} pixels; at most ${maxHeight} × ${maxWidth} ` +
      'are allowed (MAX_IMAGE_HEIGHT × MAX_IMAGE_WIDTH). Give a smaller scale or a smaller image.',
  );
}
