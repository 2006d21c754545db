import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { renderNuclei } from './render/nuclei.ts';

/** A file to be submitted. */
export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether the job is meant to fail. */
  readonly broken: boolean;
}

const FIELDS = [
  { name: 'sparse.tif', rows: 512, columns: 512, nuclei: 90, seed: 1 },
  { name: 'dense.tif', rows: 512, columns: 512, nuclei: 260, seed: 2 },
  { name: 'wide.tif', rows: 400, columns: 900, nuclei: 220, seed: 3 },
  { name: 'large.tif', rows: 1024, columns: 1024, nuclei: 700, seed: 4 },
];

/** Rendered fields of nuclei, and a file that was cut off. */
export function makeSamples(): Sample[] {
  const fields = FIELDS.map(({ name, ...field }) => {
    const shape = [field.rows, field.columns];
    return { name, bytes: encodeTiff({ shape, data: renderNuclei(field) }), broken: false };
  });
  const [first] = fields;
  return [
    ...fields,
    { name: 'cut-off.tif', bytes: (first?.bytes ?? new Uint8Array()).slice(0, 4000), broken: true },
  ];
}

/** The user's own files. */
export function takeFiles(paths: readonly string[]): Promise<Sample[]> {
  return Promise.all(
    paths.map(async (path) => ({
      name: basename(path),
      bytes: await readFile(path),
      broken: false,
    })),
  );
}
