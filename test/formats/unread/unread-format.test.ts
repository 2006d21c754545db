import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unreadFormat } from '../../../src/formats/unread/unread-format.ts';

/** First bytes in Latin-1, from the descriptions of the formats, and what the refusal says. */
const FORMATS: readonly (readonly [begins: string, what: string])[] = [
  ['ZISRAWFILE\0\0\0\0\0\0', 'a Zeiss CZI file'],
  ['\xda\xce\xbe\x0a\x10\0\0\0', 'a Nikon ND2 file'],
  ['\x70\0\0\0\x20\x01\0\0\x2a\x90\0\0\0<\0L\0', 'a Leica LIF file'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an OLE2 file, such as Olympus OIB'],
  ['\x89HDF\r\n\x1a\n\0\0', 'an HDF5 file, such as Imaris IMS'],
  [`${'\0'.repeat(128)}DICM`, 'a DICOM file'],
  ['SIMPLE  =                    T', 'a FITS file'],
  [`${'\0'.repeat(344)}n+1\0`, 'a NIfTI file'],
  [`${'\x01\0\0\0'.repeat(52)}MAP \x44\x44`, 'an MRC or CCP4 file'],
  ['\0\0\0\x0cjP  \r\n\x87\n', 'a JPEG 2000 image'],
  ['\xff\x4f\xff\x51\0\x2f', 'a JPEG 2000 image'],
  ['\xff\x0a\xfa\x1f', 'a JPEG XL image'],
  ['II\xbc\x01', 'a JPEG XR image'],
  ['RIFF\x24\0\0\0WEBPVP8 ', 'a WebP image'],
  ['RIFF\x24\0\0\0AVI LIST', 'an AVI film'],
  ['GIF89a\x10\0', 'a GIF image'],
  ['BM\x36\x10\0\0\0\0\0\0\x36\0', 'a BMP image'],
  // The next three as Pillow writes images of 83 × 61 pixels.
  ['\x0a\x05\x01\x08\0\0\0\0\x52\0\x3c\0', 'a PCX image'],
  ['\0\0\x02\0\0\0\0\0\0\0\0\0\x53\0\x3d\0\x18\0', 'a TGA image'],
  ['\x28\0\0\0\x53\0\0\0\x3d\0\0\0\x01\0\x18\0', 'a bitmap without a file header (DIB)'],
  ['8BPS\0\x01', 'a Photoshop document'],
  ['%PDF-1.7', 'a PDF document'],
  ['\0\0\0\x18ftypheic\0\0\0\0', 'an HEIC image'],
  ['\0\0\0\x1cftypavif\0\0\0\0', 'an AVIF image'],
  ['\0\0\0\x18ftypmp42\0\0\0\0', 'an MP4 or QuickTime film'],
  ['\x1f\x8b\x08\0', 'compressed with gzip'],
  ['\x28\xb5\x2f\xfd\x04', 'compressed with zstd'],
  [`PK\x03\x04${'\0'.repeat(26)}image.zarr/.zattrs`, 'an OME-Zarr or Zarr array in a zip file'],
  [`PK\x03\x04${'\0'.repeat(26)}[Content_Types].xml`, 'a document of Microsoft Office'],
  [`PK\x03\x04${'\0'.repeat(26)}arr_0.npy`, 'an NPZ file'],
  [`PK\x03\x04${'\0'.repeat(26)}a.tif`, 'a zip archive'],
  ['\x93NUMPY\x01\0', 'a NumPy array'],
  ['MATLAB 5.0 MAT-file', 'a MATLAB file'],
  ['<!DOCTYPE html><html>', 'a web page'],
  ['<?xml version="1.0"?><OME xmlns="x">', 'an OME-XML file'],
  ['<?xml version="1.0"?><Error>', 'an XML file'],
  ['version https://git-lfs.github.com/spec/v1', 'a pointer of Git LFS'],
  ['P5 10 10 255\n', 'a PNM image'],
  ['{"type": 1}', 'a JSON text'],
];

for (const [begins, what] of FORMATS) {
  test(`${what} is named, with what to do`, () => {
    const { code, message } = unreadFormat(Buffer.from(begins, 'latin1'), 'a.bin');
    assert.equal(code, 'unsupported_file');
    assert.ok(message.startsWith(`"a.bin" is ${what}`), message);
    assert.match(message, /which is not read\. (Export|Save|Unpack|Upload) .* TIFF, PNG and JPEG/);
  });
}

test('what is not known is shown by its first bytes', () => {
  const message = (text: string): string => unreadFormat(Buffer.from(text, 'latin1'), 'a').message;
  assert.match(message(''), /it is empty/);
  assert.match(message('\0'.repeat(9)), /begins with zeros only/);
  assert.match(message('some words of a text'), /begins with "some words of a "/);
  assert.match(message('\x01\x02\x03\x04\x05'), /begins with the bytes 01020304/);
});
