import { crc32, deflateSync } from 'node:zlib';
import type { Bomb } from './bomb.ts';

const EXPANDED = 2 ** 26;

/** A chunk of a PNG file, with its checksum. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const [head, sum] = [Buffer.alloc(8), Buffer.alloc(4)];
  head.writeUInt32BE(data.length);
  head.write(type, 4);
  sum.writeUInt32BE(crc32(data, crc32(head.subarray(4))));
  return Buffer.concat([head, data, sum]);
}

interface Form {
  readonly depth: number;
  readonly colour: number;
  readonly interlace?: number;
}

const GREY: Form = { depth: 8, colour: 0 };

/** A PNG file of a square image: header, chunks and end. */
export function pngFile(size: number, form: Form, ...chunks: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([form.depth, form.colour, 0, 0, form.interlace ?? 0], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...chunks,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** PNG files that expand far, or hold very many pieces. */
export function pngBombs(): Bomb[] {
  const zeros = deflateSync(Buffer.alloc(EXPANDED));
  const pixels = chunk('IDAT', deflateSync(Buffer.alloc(8 * 9)));
  const named = Buffer.concat([Buffer.from('name\0\0'), zeros]);
  const empty = Buffer.concat(Array.from({ length: 80_000 }, () => chunk('IDAT', Buffer.alloc(0))));
  return [
    {
      name: 'pixels.png',
      bytes: pngFile(8, GREY, chunk('IDAT', zeros)),
      refused: /more than its pixels/,
    },
    {
      name: 'large.png',
      bytes: pngFile(50_000, GREY, chunk('IDAT', zeros)),
      refused: /pixels large/,
    },
    { name: 'few-pixels.png', bytes: pngFile(2048, GREY, pixels), refused: /ends too early/ },
    { name: 'pieces.png', bytes: pngFile(8, GREY, empty), refused: /ends too early/ },
    { name: 'profile.png', bytes: pngFile(8, GREY, chunk('iCCP', named), pixels) },
    { name: 'text.png', bytes: pngFile(8, GREY, chunk('zTXt', named), pixels) },
  ];
}
