import { crc32, deflate } from 'node:zlib';
import type { NdArray } from '../../imaging/array.ts';

/** A picture whose pixels are numbers of colours. */
export interface IndexedPicture extends NdArray<Uint8Array> {
  /** RGB, three bytes for each of up to 256 colours. */
  readonly palette: Uint8Array;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const [TRUE_COLOUR, INDEXED] = [2, 3];
const NO_FILTER = 0;
/** Noise does not get smaller by trying longer. */
const LEVEL = 4;

/**
 * Writes a picture as PNG of 8 bits: uint8 `[row, column, 3]` as RGB, or `[row, column]` with a palette.
 * It is compressed beside the event loop.
 */
export async function encodePng(picture: NdArray<Uint8Array> | IndexedPicture): Promise<Buffer> {
  const [rows = 0, columns = 0] = picture.shape;
  const isIndexed = 'palette' in picture;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(columns, 0);
  header.writeUInt32BE(rows, 4);
  header.set([8, isIndexed ? INDEXED : TRUE_COLOUR], 8);
  const pixels = await compressed(scanLines(picture));
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk('IHDR', header),
    ...(isIndexed ? [chunk('PLTE', picture.palette)] : []),
    chunk('IDAT', pixels),
    chunk('IEND', new Uint8Array()),
  ]);
}

function compressed(bytes: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    deflate(bytes, { level: LEVEL }, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** Each row with its filter before it. */
function scanLines({ shape, data }: NdArray<Uint8Array>): Uint8Array {
  const [rows = 0, columns = 0, samples = 1] = shape;
  const length = columns * samples;
  const lines = new Uint8Array(rows * (length + 1)).fill(NO_FILTER);
  for (let row = 0; row < rows; row++) {
    lines.set(data.subarray(row * length, (row + 1) * length), row * (length + 1) + 1);
  }
  return lines;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
