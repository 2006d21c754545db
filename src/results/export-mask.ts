import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { encodeOmeTiff } from '../formats/encode-ome-tiff.ts';
import { outlinesGeoJson } from '../formats/geojson.ts';
import type { PixelSize } from '../formats/image-description.ts';
import { labelPolygons } from '../imaging/label-polygons.ts';
import { localPath } from './local-name.ts';
import { type Mask, frameSuffix } from './mask-files.ts';

/** Which other forms of label images are wanted. */
export interface MaskForms {
  /** `<mask>.ome.tif`: whole numbers, with the pixel size. */
  readonly omeTiff?: boolean | undefined;
  /** `<mask>.geojson`, for later frames `<mask>_frame_<n>.geojson`: the outlines of cells. */
  readonly geojson?: boolean | undefined;
}

interface Place {
  readonly folder: string;
  readonly pixelSize: PixelSize | undefined;
}

/** Writes a file of labels in other forms, beside it. */
export async function exportMask(
  { name, labels }: Mask,
  { omeTiff, geojson }: MaskForms,
  { folder, pixelSize }: Place,
): Promise<void> {
  const stem = name.replace(/\.tif$/, '');
  if (omeTiff === true) {
    const bytes = encodeOmeTiff({ labels, name: stem, pixelSize });
    await writeFile(join(folder, localPath(`${stem}.ome.tif`)), bytes);
  }
  const [frames = 0, rows = 0, columns = 0] = labels.shape;
  for (let frame = 0; geojson === true && frame < frames; frame++) {
    const size = rows * columns;
    const data = labels.data.subarray(frame * size, (frame + 1) * size);
    const outlines = outlinesGeoJson(labelPolygons({ shape: [rows, columns], data }));
    const path = localPath(`${stem}${frameSuffix(frame)}.geojson`);
    await pipeline(Readable.from(outlines), createWriteStream(join(folder, path)));
  }
}
