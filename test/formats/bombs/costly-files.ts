import { deflateSync } from 'node:zlib';
import { greyPage, oddTiff } from '../tiff/odd-tiff.ts';
import type { Bomb } from './bomb.ts';
import { costlyTiffs } from './costly-tiffs.ts';
import { jpegOfScans } from './jpeg-bombs.ts';
import { chunk, pngFile } from './png-bombs.ts';

/* Files of about 1 MB at most that are valid, and take as much time as those of their kind can. */

const ROW_BYTES = 2048 * 8;
const WHOLE = 2048 * (ROW_BYTES + 1);
/** The rows of the seven passes, each with its filter. */
const INTERLACED = 2048 * ROW_BYTES + 3 * 256 + 2 * 512 + 2 * 1024;
const PAETH = 4;

/** RGBA of 16 bits. */
function png(name: string, interlace: number, raw: Uint8Array): Bomb {
  const form = { depth: 16, colour: 6, interlace };
  return { name, bytes: pngFile(2048, form, chunk('IDAT', deflateSync(raw))) };
}

/** Four pages of zeros, with OME-XML. */
function ome(name: string, xml: string): Bomb {
  const text = Buffer.from(xml);
  const page = [...greyPage(20, 20, 8, 400), { tag: 270, type: 2, count: text.length, value: 8 }];
  const content = Buffer.concat([text, Buffer.alloc(400)]);
  return { name, bytes: oddTiff(content, [page, page, page, page]) };
}

const PIXELS =
  '<Pixels SizeX="20" SizeY="20" SizeC="1" SizeZ="1" SizeT="60" Type="uint8" DimensionOrder="XYZCT">';

function costlyOme(): Bomb[] {
  const attributes = Array.from({ length: 90_000 }, (_, at) => `a${at}=""`).join(' ');
  const image = (inside: string): string => `<OME><Image>${PIXELS}${inside}</Pixels></Image></OME>`;
  return [
    ome('tiffdata.ome.tif', image('<TiffData PlaneCount="60"/>'.repeat(37_000))),
    ome('planes.ome.tif', image('<Plane TheT="0"/>'.repeat(60_000))),
    ome('channels.ome.tif', image('<Channel Name="a"/>'.repeat(50_000))),
    ome('nested.ome.tif', image('<a>'.repeat(330_000))),
    ome('images.ome.tif', `<OME>${`<Image>${PIXELS}</Pixels></Image>`.repeat(7000)}</OME>`),
    ome('attributes.ome.tif', `<OME ${attributes}><Image>${PIXELS}</Pixels></Image></OME>`),
  ];
}

/** The costliest files that are known of each kind; building them takes seconds. */
export function costlyFiles(): Bomb[] {
  return [
    ...costlyTiffs(),
    ...costlyOme(),
    png('rgba-16.png', 0, new Uint8Array(WHOLE).fill(PAETH)),
    png('interlaced-16.png', 1, new Uint8Array(INTERLACED)),
    { name: 'scans.jpg', bytes: jpegOfScans(2048, 180) },
  ];
}
