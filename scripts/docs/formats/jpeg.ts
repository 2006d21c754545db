import type { FormatTable } from './format-table.ts';

// prettier-ignore
export const JPEG: FormatTable = {
  format: 'JPEG',
  ending: 'jpg',
  folder: 'test/formats/jpeg/fixtures',
  test: 'test/formats/jpeg/decode-jpeg.test.ts',
  remarks: "Rows, columns and 1 or 3 channels, decoded by libjpeg-turbo: Pillow's values to the bit. Orientation and profiles in metadata change nothing, as in Pillow's array.",
  read: [
    { variant: 'grey', result: '1 channel', files: ['grey', 'grey-sampled-2x2', 'progressive-grey'] },
    { variant: 'YCbCr sampled 4:4:4, 4:2:2, 4:2:0, 4:4:0, 4:1:1, 4:4:1', result: 'RGB', files: ['sampled-*'] },
    { variant: 'progressive; one scan a colour', result: 'RGB', files: ['progressive', 'one-scan-a-colour'] },
    { variant: 'arithmetic coding', result: 'RGB', files: ['arithmetic', 'arithmetic-progressive'] },
    { variant: 'restart markers, own or standard tables, tables of 16 bits', result: 'RGB', files: ['restart', 'optimized', 'quality-100', 'tables-of-16-bits', 'no-huffman-tables'] },
    { variant: "RGB that is stored as such, by Adobe's marker or the names of the components", result: 'the stored values', files: ['rgb-by-adobe', 'rgb-by-names'] },
    { variant: 'YCbCr by JFIF, Adobe or no marker, whatever the components are called', result: 'RGB', files: ['ycbcr-*', 'jfif-and-adobe-rgb', 'adobe-too-short'] },
    { variant: 'lossless, grey or RGB of 8 bits', result: 'the stored values', files: ['lossless-*'] },
    { variant: 'a single pixel, a single column', result: 'RGB', files: ['one-pixel', 'one-column'] },
    { variant: 'fill and stray bytes between segments', result: 'RGB', files: ['fill-bytes', 'stray-bytes-between-segments'] },
    { variant: 'damaged Exif or profile, thumbnail, orientation, many comments', result: 'RGB, as stored', files: ['bad-exif', 'bad-profile', 'thumbnail', 'orientation', 'many-comments'] },
    { variant: 'bytes or a second image after the end', result: 'the first image', files: ['bytes-after-the-end', 'second-image-after-the-end'] },
    { variant: 'end missing after complete data of one scan', result: 'RGB', files: ['no-end'] },
    { variant: 'damaged data, an end too early, stray bytes before the end', result: 'what libjpeg makes of it; noted', files: ['damaged', 'ends-early-with-marker', 'stray-bytes-before-the-end'] },
  ],
  refused: [
    { variant: 'CMYK and YCCK', result: 'unsupported_file', files: ['cmyk'] },
    { variant: '12 bits a sample', result: 'unsupported_file', files: ['12-bits'] },
    { variant: 'hierarchical; lossless and arithmetic; lossless of YCbCr; JPEG-LS', result: 'unsupported_file', files: ['hierarchical', 'lossless-arithmetic', 'lossless-ycbcr', 'jpeg-ls'] },
    { variant: 'two colours; colours sampled in a way without a name', result: 'unsupported_file', files: ['two-colours', 'sampled-3x1'] },
    { variant: 'height after the rows (DNL)', result: 'unsupported_file', files: ['no-height'] },
    { variant: 'a second frame, a second start, more scans than an image of its size has', result: 'corrupt_image', files: ['two-frames', 'frame-after-scan', 'second-start', '5000-scans'] },
    { variant: 'file cut off', result: 'corrupt_image', files: ['truncated', 'progressive-without-end', 'header-only', 'segment-too-long'] },
    { variant: 'no width, impossible sampling, no quantization tables, unknown markers', result: 'corrupt_image', files: ['no-width', 'sampled-0x1', 'no-quantization', 'unknown-marker'] },
  ],
};
