import { decodeImage, describeImage } from '../../../src/formats/decode-image.ts';
import { readNpy } from '../../../src/formats/npy/npy.ts';
import { sizeOf } from '../../../src/imaging/array.ts';
import { mutateJpeg } from '../mutate/jpeg.ts';
import { mutatePng } from '../mutate/png.ts';
import { mutateText } from '../mutate/text.ts';
import { mutateTiff } from '../mutate/tiff.ts';
import { omeTiff } from './ome-tiff.ts';
import { withoutValues } from '../without-values.ts';
import type { Target } from './target.ts';

const LIMITS = { maxHeight: 512, maxWidth: 512, maxFileBytes: 2 ** 23, maxFrames: 60 };

/** Decodes a file as a job does; its header must promise what its pixels give. */
function decode(name: string, bytes: Uint8Array): string {
  const promised = describeImage({ bytes, name, limits: LIMITS }).shape;
  const { shape, data, axes, notes, channelNames } = decodeImage({ bytes, name, limits: LIMITS });
  if (String(promised) !== String(shape) || data.length !== sizeOf(shape)) {
    throw new Error(
      `shape ${String(promised)} was promised; decoded were ${String(shape)}, ${data.length} values`,
    );
  }
  if (shape.some((axis) => axis < 1)) throw new Error('an axis has no length');
  if (axes.length !== shape.length) throw new Error(`axes ${axes} of shape ${String(shape)}`);
  // What was noticed on the way tells one way through the reader from another.
  return `decoded ${axes} ${channelNames.length} ${notes.map(withoutValues).join(', ')}`;
}

export const tiff: Target = {
  seeds: ['test/formats/**/fixtures/**/*.tif', 'test/images/*.tif'],
  mutate: mutateTiff,
  run: (bytes) => decode('a.tif', bytes),
};

export const png: Target = {
  seeds: ['test/formats/png/fixtures/*.png'],
  mutate: mutatePng,
  run: (bytes) => decode('a.png', bytes),
};

export const jpeg: Target = {
  seeds: ['test/formats/jpeg/fixtures/*.jpg'],
  mutate: mutateJpeg,
  run: (bytes) => decode('a.jpg', bytes),
};

export const npy: Target = {
  seeds: ['test/formats/fixtures/npy/*.npy', 'test/formats/png/fixtures/grey-*.npy'],
  mutate: mutateText(
    ["'<f4'", "'|O'", "'>i8'", "'shape'", "'descr'", '(0,)', '(4294967296, 2)', 'L'],
    'latin1',
  ),
  run: (bytes) => {
    const { shape, data } = readNpy(bytes, 'a.npy');
    if (data.length !== sizeOf(shape))
      throw new Error(`${data.length} values of shape ${String(shape)}`);
    return `read ${shape.length} axes`;
  },
};

const OME = `<?xml version="1.0" encoding="UTF-8"?>
<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0" Name="a">
<Pixels DimensionOrder="XYCZT" ID="Pixels:0" Type="uint16" SizeX="8" SizeY="6" SizeC="2" SizeZ="1" SizeT="2"
PhysicalSizeX="0.65" PhysicalSizeXUnit="µm"><Channel ID="Channel:0:0" Name="DAPI" SamplesPerPixel="1"/><Channel ID="Channel:0:1"/>
<TiffData FirstC="0" FirstZ="0" FirstT="0" IFD="0" PlaneCount="1"><UUID FileName="a.tif">urn:uuid:1</UUID></TiffData>
<TiffData IFD="1" FirstC="1"/><TiffData IFD="2" FirstT="1" PlaneCount="2"/></Pixels></Image></OME>`;

/** OME-XML, in a TIFF of four pages. */
export const ome: Target = {
  seeds: [],
  texts: [OME, OME.replace('</OME>', OME.slice(OME.indexOf('<Image')))],
  mutate: mutateText([
    '<Image>',
    '<Pixels ',
    '<TiffData/>',
    'SizeC="',
    'DimensionOrder="',
    'IFD="',
    '<!DOCTYPE',
    '<!ENTITY a "b">',
  ]),
  run: (bytes) => decode('a.ome.tif', omeTiff(bytes)),
};
