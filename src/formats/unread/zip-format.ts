import type { UnreadFormat } from './known-formats.ts';

/** As far as the names of the first files are looked for. */
const LOOKED_THROUGH = 2 ** 16;

/** A zip file, by the names of the files in its first part. */
export function zipFormat(bytes: Uint8Array): UnreadFormat | undefined {
  const start = Buffer.from(bytes.subarray(0, LOOKED_THROUGH)).toString('latin1');
  if (!start.startsWith('PK\x03\x04') && !start.startsWith('PK\x05\x06')) return undefined;
  if (/\.z(attrs|group|array|metadata)|zarr\.json/.test(start)) {
    return { what: 'an OME-Zarr or Zarr array in a zip file', remedy: 'microscope' };
  }
  if (start.includes('[Content_Types].xml')) {
    return { what: 'a document of Microsoft Office', remedy: 'picture' };
  }
  if (/^.{26}.{4}[^/]*\.npy/s.test(start)) return { what: 'an NPZ file', remedy: 'array' };
  return { what: 'a zip archive', remedy: 'archive' };
}
