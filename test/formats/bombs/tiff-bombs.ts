import { deflateSync, zstdCompressSync } from 'node:zlib';
import { type OddTag, greyPage, listAt, long, oddTiff } from '../tiff/odd-tiff.ts';
import type { Bomb } from './bomb.ts';

const EXPANDED = 2 ** 26;

/** Replaces tags, or adds them. */
export const withTags = (page: readonly OddTag[], ...more: readonly OddTag[]): OddTag[] => [
  ...page.filter(({ tag }) => more.every((other) => other.tag !== tag)),
  ...more,
];

/** One strip of a small page, which expands to much more than the page. */
function expanding(name: string, compression: number, packed: Uint8Array): Bomb {
  const page = withTags(greyPage(20, 20, 8, packed.length), long(259, compression));
  return { name, bytes: oddTiff(packed, [page]), refused: /cannot be expanded/ };
}

/** Pages of 2048 × 2048 pixels that share one strip. */
function sharing(pages: number): Bomb {
  const packed = zstdCompressSync(new Uint8Array(2048 * 2048));
  const page = withTags(greyPage(2048, 2048, 8, packed.length), long(259, 50_000));
  const bytes = oddTiff(
    packed,
    Array.from({ length: pages }, () => page),
  );
  return {
    name: `${pages}-large-pages.tif`,
    bytes,
    refused: /at most \d+ are allowed of a file of/,
  };
}

/** Pages that share one list of strips. */
function sharedLists(): Bomb {
  const content = new Uint8Array(2 ** 20);
  new Uint32Array(content.buffer).fill(8);
  const strips = 60_000;
  const lists = [listAt(273, strips, 8), listAt(279, strips, 8), long(278, 1)];
  const page = withTags(greyPage(strips, 1, 0, 0), ...lists);
  const bytes = oddTiff(
    content,
    Array.from({ length: 600 }, () => page),
  );
  return { name: 'shared-lists.tif', bytes, refused: /60000 × 1 pixels large/ };
}

/** TIFF files that expand far, or say the same again and again. */
export function tiffBombs(): Bomb[] {
  const tiles = [long(322, 65_536), long(323, 65_536), long(324, 8), long(325, 4)];
  const ome = `<OME><Image><Pixels SizeX="20" SizeY="20" SizeC="900000" SizeZ="100" SizeT="100" Type="uint8" DimensionOrder="XYZCT"><TiffData/></Pixels></Image></OME>`;
  const text = Buffer.from(ome);
  return [
    expanding('deflate.tif', 8, deflateSync(new Uint8Array(EXPANDED))),
    expanding('zstd.tif', 50_000, zstdCompressSync(new Uint8Array(EXPANDED))),
    sharing(60),
    sharedLists(),
    {
      name: 'huge-tiles.tif',
      bytes: oddTiff(new Uint8Array(16), [withTags(greyPage(10, 10, 8, 4), ...tiles)]),
      refused: /tiles are much larger than the image/,
    },
    {
      name: 'planes.ome.tif',
      bytes: oddTiff(text, [
        [...greyPage(20, 20, 8, 100), { tag: 270, type: 2, count: text.length, value: 8 }],
      ]),
      refused: /more than/,
    },
  ];
}
