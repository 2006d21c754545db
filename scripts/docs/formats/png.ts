import type { FormatTable } from './format-table.ts';

// prettier-ignore
export const PNG: FormatTable = {
  format: 'PNG',
  ending: 'png',
  folder: 'test/formats/png/fixtures',
  test: 'test/formats/png/decode-png.test.ts',
  remarks: 'Rows, columns and channels, with the values that Pillow gives, except that RGB and grey with alpha keep their 16 bits, of which Pillow drops 8. Only header and pixels are read; checksums are checked of the header and of the compressed pixels as a whole.',
  read: [
    { variant: 'grey of 8 and 16 bits', result: 'the values', files: ['grey-8*', 'grey-16*'] },
    { variant: 'grey of 2 and 4 bits', result: '0 to 255', files: ['grey-2*', 'grey-4*'] },
    { variant: 'grey of 1 bit', result: '0 and 1', files: ['grey-1', 'grey-1-interlaced'] },
    { variant: 'grey with alpha, RGB, RGBA of 8 bits', result: '2, 3 or 4 channels', files: ['grey-alpha-8*', 'rgb-8*', 'rgba-8*'] },
    { variant: 'grey with alpha, RGB, RGBA of 16 bits', result: 'all 16 bits', files: ['grey-alpha-16*', 'rgb-16*', 'rgba-16*'] },
    { variant: 'palette of 1, 2, 4 and 8 bits', result: 'the indices', files: ['palette-*', 'index-beyond-palette', 'transparent-palette'] },
    { variant: 'one transparent grey', result: 'the values, no channel for it', files: ['transparent-grey'] },
    { variant: 'interlaced (Adam7), all depths; images narrower than its steps', result: 'as without', files: ['interlaced-*'] },
    { variant: 'every filter', result: 'the values', files: ['filter-*'] },
    { variant: 'pixels uncompressed, in pieces, in empty pieces', result: 'the values', files: ['uncompressed', 'in-pieces', 'empty-pieces'] },
    { variant: 'animation', result: 'its still image; the frames are noted', files: ['animation'] },
    { variant: 'damaged or unknown metadata: profile, gamma, Exif, keyword, checksum', result: 'the values', files: ['bad-profile', 'bad-gamma', 'bad-exif', 'long-keyword', 'many-texts', 'unknown-chunk', 'bad-checksum-of-a-text'] },
    { variant: 'a profile or text that expands far', result: 'the values; it is not expanded', files: ['profile-that-expands', 'text-that-expands'] },
    { variant: 'wrong checksum of a piece, right one of all pixels', result: 'the values', files: ['bad-checksum-of-a-piece'] },
    { variant: 'end missing, or bytes or rows after the last', result: 'the values', files: ['no-end', 'without-the-last-checksum', 'bytes-after-the-end', 'more-rows-than-needed'] },
  ],
  refused: [
    { variant: "Apple's variant (CgBI)", result: 'unsupported_file', files: ['cgbi'] },
    { variant: 'line ends changed by a transfer as text', result: 'corrupt_image', files: ['line-ends'] },
    { variant: 'header missing, double, or of a wrong checksum', result: 'corrupt_image', files: ['no-header', 'two-headers', 'header-checksum'] },
    { variant: 'depth, colour type or method that PNG does not have; no rows', result: 'corrupt_image', files: ['depth-*', 'colour-type-5', 'interlace-2', 'compression-1', 'filter-5', 'no-rows'] },
    { variant: 'file cut off, rows missing', result: 'corrupt_image', files: ['truncated', 'rows-missing', 'far-too-few-bytes', 'header-only', 'signature-only', 'pieces-apart'] },
    { variant: 'pixels damaged', result: 'corrupt_image', files: ['pixels-damaged', 'pixels-checksum', 'chunk-without-name'] },
    { variant: 'pixels that expand to more than the image', result: 'corrupt_image', files: ['pixels-that-expand'] },
  ],
};
