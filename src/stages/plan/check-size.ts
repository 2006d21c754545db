import { KnownError } from '../../errors.ts';
import type { ImageLimits } from '../../flow/stage.ts';
import type { Image } from '../../imaging/array.ts';

/** Refuses an image `[batch, row, column, channel]` that is higher or wider than allowed. A limit of 0 allows all. */
export function checkRowsAndColumns({ shape }: Image, { maxHeight, maxWidth }: ImageLimits): void {
  const [, rows = 0, columns = 0] = shape;
  const tooHigh = maxHeight > 0 && rows > maxHeight;
  const tooWide = maxWidth > 0 && columns > maxWidth;
  if (!tooHigh && !tooWide) return;
  throw new KnownError(
    'image_too_large',
    `The image has ${rows} × ${columns} pixels; at most ${maxHeight} × ${maxWidth} are allowed ` +
      '(MAX_IMAGE_HEIGHT × MAX_IMAGE_WIDTH).',
  );
}
