import { deflateSync, zstdCompressSync } from 'node:zlib';
import { greyPage, listAt, long, oddTiff } from '../tiff/odd-tiff.ts';
import type { Bomb } from './bomb.ts';
import { jpegOfScans } from './jpeg-bombs.ts';
import { withTags } from './tiff-bombs.ts';

const MEBI = 2 ** 20;
/** What is read of a file of 1 MB, if they are compressed. */
const MOST_STRIPS = 24_500;
const COMPRESSIONS = {
  none: 1,
  lzw: 5,
  jpeg: 7,
  deflate: 8,
  packbits: 32_773,
  zstd: 50_000,
} as const;

interface Segments {
  /** One segment, which all of them share, or each has a copy of its own. */
  readonly packed: Uint8Array;
  readonly compression: keyof typeof COMPRESSIONS;
  readonly copies: boolean;
  /** Rows of a strip; 1 if not told. */
  readonly rows?: number;
}

/** An image of short strips, as many as fit into a file of 1 MB. */
function ofStrips(name: string, { packed, compression, copies, rows = 1 }: Segments): Bomb {
  const each = 8 + (copies ? packed.length : 0);
  const strips = Math.min(MOST_STRIPS, Math.floor((MEBI - packed.length) / each));
  const pages = Math.ceil((strips * rows) / 2048);
  const perPage = Math.floor(strips / pages);
  const places = new Uint32Array(perPage * pages * 2);
  const data = Buffer.alloc(packed.length * (copies ? perPage * pages : 1));
  for (let at = 0; at < data.length; at += packed.length) data.set(packed, at);
  const spare = Math.max(0, MEBI - 4096 - places.byteLength - data.length);
  const content = Buffer.concat([new Uint8Array(places.buffer), data, Buffer.alloc(spare)]);
  const start = 8 + places.byteLength;
  const list = Array.from({ length: pages }, (_, page) => {
    for (let strip = 0; strip < perPage; strip++) {
      const at = page * perPage + strip;
      places[page * perPage * 2 + strip] = start + (copies ? at * packed.length : 0);
      places[page * perPage * 2 + perPage + strip] = packed.length;
    }
    return withTags(
      greyPage(perPage * rows, 8, 0, 0),
      long(259, COMPRESSIONS[compression]),
      listAt(273, perPage, 8 + page * perPage * 8),
      listAt(279, perPage, 8 + page * perPage * 8 + perPage * 4),
      long(278, rows),
    );
  });
  content.set(new Uint8Array(places.buffer));
  return { name, bytes: oddTiff(content, list) };
}

/** Pages of one strip each. */
function ofPages(
  name: string,
  { packed, compression }: Omit<Segments, 'copies'>,
  size: number,
): Bomb {
  const pages = (24 * MEBI) / size ** 2;
  const content = Buffer.alloc(Math.max(packed.length, MEBI - 8 - 100 * pages));
  content.set(packed);
  const page = withTags(
    greyPage(size, size, 8, packed.length),
    long(259, COMPRESSIONS[compression]),
  );
  return {
    name,
    bytes: oddTiff(
      content,
      Array.from({ length: pages }, () => page),
    ),
  };
}

/** TIFF files of very many segments, pages or scans. */
export function costlyTiffs(): Bomb[] {
  const row = new Uint8Array(8);
  const plane = new Uint8Array(2048 * 2048);
  const strips = [
    { packed: deflateSync(row), compression: 'deflate' },
    { packed: zstdCompressSync(row), compression: 'zstd' },
    { packed: Uint8Array.of(249, 0), compression: 'packbits' },
    { packed: Uint8Array.of(128, 0, 32, 80, 56, 36, 18, 16), compression: 'lzw' },
    { packed: row, compression: 'none' },
    { packed: jpegOfScans(8, 1), compression: 'jpeg', rows: 8 },
  ] as const;
  const pages = [
    { packed: deflateSync(plane), compression: 'deflate' },
    { packed: zstdCompressSync(plane), compression: 'zstd' },
    { packed: jpegOfScans(2048, 0), compression: 'jpeg' },
  ] as const;
  const page = greyPage(1, 1, 8, 1);
  return [
    ...strips.map((one) => ofStrips(`${one.compression}-strips.tif`, { ...one, copies: true })),
    ...strips
      .slice(0, 2)
      .map((one) => ofStrips(`${one.compression}-strips-shared.tif`, { ...one, copies: false })),
    ...pages.map((one) => ofPages(`${one.compression}-pages.tif`, one, 2048)),
    ofPages('jpeg-scans.tif', { packed: jpegOfScans(2048, 25), compression: 'jpeg' }, 2048),
    ofPages('jpeg-small-pages.tif', { packed: jpegOfScans(64, 1), compression: 'jpeg' }, 64),
    {
      name: 'pages.tif',
      bytes: oddTiff(
        Uint8Array.of(7),
        Array.from({ length: 11_000 }, () => page),
      ),
    },
  ];
}
