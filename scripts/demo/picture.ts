import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Image } from 'image-js';
import type { PlaneSize } from './render/ellipse.ts';

/** Colours of 8 bits, RGB `[row, column, 3]`. */
export interface Picture extends PlaneSize {
  readonly data: Uint8Array;
}

/** The picture for image-js, which is loaded here alone: it takes half a second. */
async function imageOf({ rows, columns, data }: Picture): Promise<Image> {
  const { Image } = await import('image-js');
  return new Image(columns, rows, { data });
}

/** The picture enlarged by a whole factor, so that thin lines can be drawn over it. */
export async function enlarged(picture: Picture, times: number): Promise<Image> {
  const image = await imageOf(picture);
  return image.resize({ xFactor: times, yFactor: times, interpolationType: 'nearest' });
}

/** Writes a picture as PNG, and makes its folder. */
export async function writePng(path: string, picture: Picture | Image): Promise<void> {
  const { encode } = await import('image-js');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, encode('rows' in picture ? await imageOf(picture) : picture));
}

/** Frames of the same size in a grid, `perRow` in each row. */
export async function contactSheet(frames: readonly Image[], perRow: number): Promise<Image> {
  const { Image } = await import('image-js');
  const [{ width, height } = { width: 0, height: 0 }] = frames;
  const rows = Math.ceil(frames.length / perRow);
  const sheet = new Image(width * Math.min(perRow, frames.length), height * rows);
  for (const [at, frame] of frames.entries()) {
    const origin = { row: height * Math.floor(at / perRow), column: width * (at % perRow) };
    frame.copyTo(sheet, { origin, out: sheet });
  }
  return sheet;
}
