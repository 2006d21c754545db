import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePng } from '../formats/png/encode-png.ts';
import type { Image } from '../imaging/array.ts';
import { outlinedPicture, outlinedThumbnail } from '../imaging/outlined-picture.ts';
import { localPath } from './local-name.ts';
import { type Mask, frameSuffix } from './mask-files.ts';
import type { PictureFile } from './record.ts';

interface Drawing {
  readonly mask: Mask;
  /** float32 `[batch, row, column, channel]`. */
  readonly image: Image;
  /** Channels that are laid over each other. */
  readonly channels: readonly number[];
  readonly folder: string;
  /** Length of the longer side of thumbnails at most, in pixels. */
  readonly thumbnail: number;
}

/**
 * Draws the outlines of the cells of a label image on the channel in which they were found:
 * `<mask>_overlay.png`, for later frames `<mask>_frame_<n>_overlay.png`, and a thumbnail of the first.
 */
export async function drawMask(drawing: Drawing): Promise<PictureFile[]> {
  const { mask, image, channels, folder, thumbnail } = drawing;
  const [frames = 0, rows = 0, columns = 0] = mask.labels.shape;
  const stem = mask.name.replace(/\.tif$/, '');
  const files: PictureFile[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const planes = channels.map((channel) => planeOf(image, mask.batch + frame, channel));
    const size = rows * columns;
    const labels = mask.labels.data.subarray(frame * size, (frame + 1) * size);
    const segmented = { planes, labels, rows, columns };
    const overlay = localPath(`${stem}${frameSuffix(frame)}_overlay.png`);
    await writeFile(join(folder, overlay), await encodePng(outlinedPicture(segmented)));
    const small = frame === 0 ? localPath(`${stem}_thumbnail.png`) : '';
    if (small !== '') {
      const picture = outlinedThumbnail(segmented, thumbnail);
      await writeFile(join(folder, small), await encodePng(picture));
    }
    files.push({ overlay, thumbnail: small });
  }
  return files;
}

/** A copy of one channel of one batch item, `[row, column]`. */
function planeOf({ shape, data }: Image, batch: number, channel: number): Float32Array {
  const [, rows = 0, columns = 0, channels = 1] = shape;
  const size = rows * columns;
  const plane = new Float32Array(size);
  const first = batch * size * channels + channel;
  for (let at = 0; at < size; at++) plane[at] = data[first + at * channels];
  return plane;
}
