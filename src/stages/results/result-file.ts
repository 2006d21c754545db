import type { Job } from '../../job/job.ts';
import { type CsvField, writeCsv } from '../../formats/csv.ts';
import type { TiffImage } from '../../formats/encode-tiff.ts';
import { writeNpy } from '../../formats/npy/npy.ts';
import { splitName } from '../../formats/split-name.ts';
import type { NdArray } from '../../imaging/array.ts';
import { checkArray, checkImage, checkedRows } from './check-file.ts';

/** A file of the result, before it is encoded. */
export type ResultFile =
  | { readonly kind: 'tiff'; readonly name: string; readonly image: TiffImage }
  | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Uint8Array };

/**
 * A TIFF file: int32 and float32 `[…, row, column]` as float32, one plane a page; uint8 `[row, column, 3]` as
 * RGB. Whole numbers above 2 ** 24 are rounded. Throws `bad_workflow` if the data are not as many numbers as
 * the shape says, or of another kind.
 *
 * @example
 * tiff('labels.tif', { ...labels, shape: labels.shape.slice(0, 3) });
 */
export function tiff(name: string, image: TiffImage): ResultFile {
  checkImage(name, image);
  return { kind: 'tiff', name, image };
}

/**
 * A .npy file, with the element type of the array. Throws `bad_workflow` if the data are not as many numbers
 * as the shape says.
 *
 * @example
 * npy('points.npy', { shape: [2, 2], data: Float32Array.of(3, 4, 10, 20) });
 */
export function npy(name: string, array: NdArray): ResultFile {
  checkArray(name, array);
  return { kind: 'bytes', name, bytes: writeNpy(array) };
}

/**
 * A CSV file with a header. Throws `bad_workflow` at a row that has not as many fields as the header, or one
 * that is neither text nor a number.
 *
 * @example
 * csv('counts.csv', ['image', 'cells'], [['a.tif', 12]]);
 */
export function csv(
  name: string,
  header: readonly string[],
  rows: Iterable<readonly CsvField[]>,
): ResultFile {
  return { kind: 'bytes', name, bytes: writeCsv(header, checkedRows(name, header, rows)) };
}

/**
 * What names a result's files begin with: the user's name for the image, without its ending, in its folder.
 *
 * @example
 * packageResults((_, job) => [csv(`${resultStem(job)}_counts.csv`, ['cells'], [[12]])]);
 */
export function resultStem({ originalName }: Job): string {
  return splitName(originalName)[0];
}
