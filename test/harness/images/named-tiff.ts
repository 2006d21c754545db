import { writeHeader } from '../../../src/formats/encode-tiff.ts';
import type { NdArray } from '../../../src/imaging/array.ts';

/** An OME-TIFF of float32 planes `[channel, row, column]`, whose channels have names. */
export function namedTiff(
  { shape: [channels = 0, height = 0, width = 0], data }: NdArray<Float32Array>,
  names: readonly string[],
): Uint8Array {
  const listed = names.map((name, at) => `<Channel ID="Channel:0:${at}" Name="${name}"/>`);
  const sizes = `SizeX="${width}" SizeY="${height}" SizeC="${channels}" SizeZ="1" SizeT="1"`;
  const { bytes, pixels } = writeHeader({
    big: false,
    height,
    width,
    pages: channels,
    pageBytes: height * width * 4,
    samples: 1,
    bits: 32,
    format: 3,
    description:
      '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">' +
      `<Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="float" ${sizes}>` +
      `${listed.join('')}<TiffData/></Pixels></Image></OME>`,
  });
  new Float32Array(bytes.buffer, pixels, data.length).set(data);
  return bytes;
}
