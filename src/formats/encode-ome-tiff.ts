import type { NdArray } from '../imaging/array.ts';
import { needsBigTiff, writeHeader } from './encode-tiff.ts';
import type { PixelSize } from './image-description.ts';

interface LabelStack {
  /** int32 `[frame, row, column]`, none below 0. */
  readonly labels: NdArray<Int32Array>;
  readonly name: string;
  /** Left out where it is not known. */
  readonly pixelSize?: PixelSize | undefined;
}

/** The largest label that two bytes hold. */
const LARGEST_UINT16 = 65_535;

/**
 * Writes label images as OME-TIFF of whole numbers, frames along T: uint16 where all labels fit, else uint32.
 * Uncompressed, one plane a page.
 */
export function encodeOmeTiff({ labels, name, pixelSize }: LabelStack): Uint8Array {
  const [pages = 0, height = 0, width = 0] = labels.shape;
  const isSmall = labels.data.every((label) => label <= LARGEST_UINT16);
  const bits = isSmall ? 16 : 32;
  const pageBytes = (height * width * bits) / 8;
  const type = isSmall ? 'uint16' : 'uint32';
  const { bytes, pixels } = writeHeader({
    big: needsBigTiff(pages, pageBytes),
    height,
    width,
    pages,
    pageBytes,
    samples: 1,
    bits,
    format: 1,
    description: omeXml({ pages, height, width, type, name, pixelSize }),
  });
  const count = labels.data.length;
  const samples = isSmall
    ? new Uint16Array(bytes.buffer, pixels, count)
    : new Uint32Array(bytes.buffer, pixels, count);
  samples.set(labels.data);
  return bytes;
}

interface Described {
  readonly pages: number;
  readonly height: number;
  readonly width: number;
  readonly type: string;
  readonly name: string;
  readonly pixelSize: PixelSize | undefined;
}

const SCHEMA = 'http://www.openmicroscopy.org/Schemas/OME/2016-06';

function omeXml({ pages, height, width, type, name, pixelSize }: Described): string {
  const sizes = pixelSize
    ? ` PhysicalSizeX="${pixelSize.x}" PhysicalSizeXUnit="µm" PhysicalSizeY="${pixelSize.y}" PhysicalSizeYUnit="µm"`
    : '';
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<OME xmlns="${SCHEMA}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ` +
      `xsi:schemaLocation="${SCHEMA} ${SCHEMA}/ome.xsd">`,
    `<Image ID="Image:0" Name="${escaped(name)}">`,
    `<Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="${type}" SizeX="${width}" ` +
      `SizeY="${height}" SizeZ="1" SizeC="1" SizeT="${pages}"${sizes}>`,
    '<Channel ID="Channel:0:0" SamplesPerPixel="1"/>',
    '<TiffData/>',
    '</Pixels></Image></OME>',
  ].join('');
}

/** Control characters have no place in XML. */
function escaped(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');
}
