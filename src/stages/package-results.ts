import { bytesHeld } from '../flow/running/held-bytes.ts';
import type { Job } from '../flow/job.ts';
import { type Stage, defineStage } from '../flow/stage.ts';
import { type CsvField, writeCsv } from '../formats/csv.ts';
import type { TiffImage } from '../formats/encode-tiff.ts';
import { writeNpy } from '../formats/npy.ts';
import { type Archive, type Entry, zipArchive } from '../formats/zip.ts';
import type { NdArray } from '../imaging/array.ts';

export type { Archive };

/** A file of the result, before it is encoded. */
export type ResultFile =
  | { readonly kind: 'tiff'; readonly name: string; readonly image: TiffImage }
  | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Uint8Array };

/** A TIFF file: float32, one plane a page; or RGB. See `encodeTiff`. */
export function tiff(name: string, image: TiffImage): ResultFile {
  return { kind: 'tiff', name, image };
}

/** A .npy file. */
export function npy(name: string, array: NdArray<Float64Array | Float32Array>): ResultFile {
  return { kind: 'bytes', name, bytes: writeNpy(array) };
}

/** A CSV file with a header. */
export function csv(
  name: string,
  header: readonly string[],
  rows: Iterable<readonly CsvField[]>,
): ResultFile {
  return { kind: 'bytes', name, bytes: writeCsv(header, rows) };
}

/**
 * What names a result's files begin with: the user's name for the image, without its ending, in its folder.
 * As Python splits names: dots in front begin no ending.
 */
export function resultStem({ originalName }: Job): string {
  const base = originalName.lastIndexOf('/') + 1;
  const dot = originalName.lastIndexOf('.');
  const isEnding = /[^.]/.test(originalName.slice(base, Math.max(base, dot)));
  return isEnding ? originalName.slice(0, dot) : originalName;
}

/** Encodes the files of a result and makes them an archive, in the order given. The first is what viewers show. */
export function packageResults<Value>(
  files: (value: Value, job: Job) => readonly ResultFile[],
): Stage<Value, { archive: Archive }> {
  if (typeof files !== 'function') {
    throw new TypeError('packageResults needs a function: ({ labels }) => [tiff(…)].');
  }
  return defineStage({
    name: 'package',
    concurrency: 4,
    adds: ['archive'],
    status: 'saving-results',
    // Planes of results of several channels, and what is encoded.
    footprint: (value: Value) => 2 * bytesHeld(value),
    run: async (value: Value, { job, compute, signal }) => {
      const encode = async (file: ResultFile): Promise<Entry> => {
        if (file.kind === 'bytes') return file;
        return { name: file.name, bytes: await compute.run('encodeTiff', file.image, signal) };
      };
      const entries = await Promise.all(files(value, job).map(encode));
      // Where the memory of the entries is seen.
      return { archive: Object.assign(zipArchive(entries), { entries }) };
    },
  });
}
