import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeImage } from '../formats/decode-image.ts';
import { type NdArray, sizeOf } from '../imaging/array.ts';

/** A file of a result that holds cells. */
export interface Mask {
  /** Its name in the result. */
  readonly name: string;
  /** Which batch item of the image its first plane belongs to; the others follow. */
  readonly batch: number;
  /** Its place among what was segmented. */
  readonly feature: number;
  /** int32 `[frame, row, column]`, 0 for background. */
  readonly labels: NdArray<Int32Array>;
}

/** Larger results are unpacked, but not measured. */
const LARGEST_FILE = 2 ** 31 - 1;
const NO_LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: LARGEST_FILE };
/** As `stages/results/batch-files.ts` and the tracking name them. */
const MASK = /(?:_batch_(\d+))?_feature_(\d+)\.tif$/;

/** Whether a file of a result is named as those are that hold labels. */
export function isMaskName(name: string): boolean {
  return MASK.test(name);
}

/** The name of the image that a file of a result comes from, without its ending. */
export function imageStem(maskName: string): string {
  return maskName.replace(MASK, '');
}

/** What the name of a file made of one frame has behind the name of its mask: nothing for the first. */
export function frameSuffix(frame: number): string {
  return frame === 0 ? '' : `_frame_${frame}`;
}

/** Reads a file of labels; undefined if it holds other values, such as the outputs of a model. */
export async function readMask(folder: string, name: string): Promise<Mask | undefined> {
  const bytes = await readFile(join(folder, name));
  const { shape, data } = decodeImage({ bytes, name, limits: NO_LIMITS });
  const labels = Int32Array.from(data);
  for (const [at, label] of labels.entries()) {
    if (label !== data[at] || label < 0) return undefined;
  }
  const [, batch = '0', feature = '0'] = MASK.exec(name) ?? [];
  const frames = sizeOf(shape.slice(0, -2));
  return {
    name,
    batch: Number(batch),
    feature: Number(feature),
    labels: { shape: [frames, ...shape.slice(-2)], data: labels },
  };
}
