import { crc32 } from 'node:zlib';
import { KnownError } from '../../errors.ts';
import { corrupt } from '../corrupt-image.ts';
import { CHUNK, type PngChunk } from './chunks.ts';

/** What the header of a PNG file says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** Samples of a pixel: grey 1, grey and alpha 2, RGB 3, RGBA 4, and 1 for a palette. */
  readonly channels: number;
  readonly palette: boolean;
  readonly interlaced: boolean;
}

interface ColourType {
  readonly channels: number;
  readonly depths: readonly number[];
}

const PALETTE = 3;
const COLOUR_TYPES = new Map<number, ColourType>([
  [0, { channels: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { channels: 3, depths: [8, 16] }],
  [PALETTE, { channels: 1, depths: [1, 2, 4, 8] }],
  [4, { channels: 2, depths: [8, 16] }],
  [6, { channels: 4, depths: [8, 16] }],
]);

/** Reads the first chunk of a file. Throws `corrupt_image`, or `unsupported_file` for Apple's variant. */
export function readPngHeader(
  bytes: Uint8Array,
  chunk: PngChunk | undefined,
  name: string,
): PngHeader {
  if (chunk === undefined) throw corrupt(name, 'it ends before the image begins');
  const { type, start, end, whole } = chunk;
  if (type === CHUNK.apple) {
    const what = 'is a PNG in the form that only Apple devices read (CgBI)';
    throw new KnownError('unsupported_file', `"${name}" ${what}. Save it as ordinary PNG.`);
  }
  if (type !== CHUNK.header || end - start < 13 || !whole) {
    throw corrupt(name, 'it does not begin with a header');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The checksum is that of the type and the data.
  if (crc32(bytes.subarray(start - 4, end)) !== view.getUint32(end)) {
    throw corrupt(name, 'its header does not match its checksum');
  }
  const size = [view.getUint32(start), view.getUint32(start + 4)] as const;
  return readFields(size, bytes.subarray(start + 8, end), name);
}

function readFields(
  [width, height]: readonly [number, number],
  fields: Uint8Array,
  name: string,
): PngHeader {
  const [depth, colourType, compression, filter, interlace] = fields;
  const colours = COLOUR_TYPES.get(colourType);
  if (colours?.depths.includes(depth) !== true) {
    throw corrupt(name, `its colour type ${colourType} cannot have ${depth} bits a sample`);
  }
  if (width === 0 || height === 0) throw corrupt(name, `it is ${width} × ${height} pixels large`);
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw corrupt(name, 'its header names a method that PNG does not have');
  }
  const { channels } = colours;
  return {
    width,
    height,
    depth,
    channels,
    palette: colourType === PALETTE,
    interlaced: interlace === 1,
  };
}
