import { basename, extname, join } from 'node:path';
import { decodeImage } from '../../../src/formats/decode-image.ts';
import { drawOutlines, greyPicture } from '../../../src/imaging/overlay.ts';
import { writePng } from '../picture.ts';
import type { Sample } from '../samples.ts';

const NO_LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 31 };

/** Pixels of a file, of whatever size. */
export function pixelsOf(
  name: string,
  bytes: Uint8Array | undefined,
): ReturnType<typeof decodeImage> {
  if (bytes === undefined) throw new Error(`The result has no ${name}.`);
  return decodeImage({ bytes, name, limits: NO_LIMITS });
}

/** The name without folder and ending. */
export function stemOf(name: string): string {
  return basename(name, extname(name));
}

/** Draws the outlines of the cells on their image, `overlays/<name>.png`, and counts the cells. */
export async function outlineCells(
  sample: Sample,
  labelBytes: Uint8Array | undefined,
  folder: string,
): Promise<number> {
  const labels = pixelsOf('labels.tif', labelBytes);
  const image = pixelsOf(sample.name, sample.bytes);
  const [rows = 0, columns = 0] = labels.shape;
  const data = greyPicture(
    firstPlane(image.data, rows * columns, image.data.length / (rows * columns)),
  );
  drawOutlines(data, labels.data, { rows, columns });
  await writePng(join(folder, 'overlays', `${stemOf(sample.name)}.png`), { rows, columns, data });
  return labels.data.reduce((most, label) => Math.max(most, label), 0);
}

/** The first channel of an image whose channels stand side by side. */
function firstPlane(data: Float32Array, pixels: number, step: number): Float32Array {
  return Float32Array.from({ length: pixels }, (_, pixel) => data[pixel * step]);
}
