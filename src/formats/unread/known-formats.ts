/** What a file is that is not read, and what to do with it. */
export interface UnreadFormat {
  /** As in "is …". */
  readonly what: string;
  readonly remedy: Remedy;
}

/** A format that is known by bytes at a place. */
export interface KnownFormat extends UnreadFormat {
  /** Where the bytes stand: 0 if nothing is said. */
  readonly at?: number;
  /** In Latin-1; `\xNN` for a byte. */
  readonly begins: string;
  /** Further bytes that must stand there. */
  readonly also?: readonly [at: number, text: string];
}

export type Remedy = 'microscope' | 'volume' | 'picture' | 'unpack' | 'archive' | 'array' | 'text';

/** What to do, by kind. */
export const REMEDIES: Readonly<Record<Remedy, string>> = {
  microscope: 'Export it as OME-TIFF, for example with Fiji or with bfconvert of Bio-Formats.',
  volume: 'Export its images as TIFF, for example with Fiji.',
  picture: 'Save it as PNG or TIFF.',
  unpack: 'Unpack it and upload the image inside.',
  archive: 'Upload the images inside, or submit a .zip of images to the queue for archives.',
  array: 'Save the array as TIFF, for example with tifffile.',
  text: 'Upload the image itself.',
};

const OLE2 = 'an OLE2 file, such as Olympus OIB, Zeiss ZVI or a document of Microsoft Office';

/** The first that fits decides. */
// prettier-ignore
export const KNOWN_FORMATS: readonly KnownFormat[] = [
  { what: 'a Zeiss CZI file', remedy: 'microscope', begins: 'ZISRAWFILE' },
  { what: 'a Nikon ND2 file', remedy: 'microscope', begins: '\xda\xce\xbe\x0a' },
  { what: 'a Leica LIF file', remedy: 'microscope', begins: '\x70\0\0\0', also: [8, '\x2a'] },
  { what: OLE2, remedy: 'microscope', begins: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' },
  { what: 'an HDF5 file, such as Imaris IMS or BigDataViewer', remedy: 'microscope', begins: '\x89HDF\r\n\x1a\n' },
  { what: 'a DICOM file', remedy: 'volume', at: 128, begins: 'DICM' },
  { what: 'a FITS file', remedy: 'volume', begins: 'SIMPLE  =' },
  { what: 'a NIfTI file', remedy: 'volume', at: 344, begins: 'n+1\0' },
  { what: 'an MRC or CCP4 file', remedy: 'volume', at: 208, begins: 'MAP ' },
  { what: 'a DeltaVision file', remedy: 'microscope', at: 96, begins: '\xa0\xc0' },
  { what: 'a DeltaVision file', remedy: 'microscope', at: 96, begins: '\xc0\xa0' },
  { what: 'a Bio-Rad PIC file', remedy: 'microscope', at: 54, begins: '\x39\x30' , also: [14, '\x01\0'] },
  { what: 'a Gatan DM3 file', remedy: 'microscope', begins: '\0\0\0\x03', also: [8, '\0\0\0'] },
  { what: 'a Gatan DM4 file', remedy: 'microscope', begins: '\0\0\0\x04\0\0\0\0' },
  { what: 'an ICS file', remedy: 'microscope', begins: '\t\nics_version' },
  { what: 'an Olympus OIF file', remedy: 'microscope', begins: '\xff\xfe[\0F\0i\0l\0e\0' },
  { what: 'an NRRD file', remedy: 'volume', begins: 'NRRD' },
  { what: 'a MetaImage header', remedy: 'volume', begins: 'ObjectType' },
  { what: 'an Amira mesh', remedy: 'volume', begins: '# Amira' },
  { what: 'a NetCDF file', remedy: 'volume', begins: 'CDF\x01' },
  { what: 'a NetCDF file', remedy: 'volume', begins: 'CDF\x02' },
  { what: 'a JPEG 2000 image', remedy: 'picture', begins: '\0\0\0\x0cjP  ' },
  { what: 'a JPEG 2000 image', remedy: 'picture', begins: '\xff\x4f\xff\x51' },
  { what: 'a JPEG XL image', remedy: 'picture', begins: '\0\0\0\x0cJXL ' },
  { what: 'a JPEG XL image', remedy: 'picture', begins: '\xff\x0a' },
  { what: 'a JPEG XR image', remedy: 'picture', begins: 'II\xbc' },
  { what: 'a WebP image', remedy: 'picture', begins: 'RIFF', also: [8, 'WEBP'] },
  { what: 'an AVI film', remedy: 'volume', begins: 'RIFF', also: [8, 'AVI '] },
  { what: 'a GIF image', remedy: 'picture', begins: 'GIF8' },
  { what: 'a Photoshop document', remedy: 'picture', begins: '8BPS' },
  { what: 'an OpenEXR image', remedy: 'picture', begins: '\x76\x2f\x31\x01' },
  { what: 'a Radiance HDR image', remedy: 'picture', begins: '#?RADIANCE' },
  { what: 'a QOI image', remedy: 'picture', begins: 'qoif' },
  { what: 'a DDS image', remedy: 'picture', begins: 'DDS ' },
  { what: 'an SGI image', remedy: 'picture', begins: '\x01\xda' },
  { what: 'an MNG or JNG file', remedy: 'picture', begins: '\x8aMNG' },
  { what: 'an MNG or JNG file', remedy: 'picture', begins: '\x8bJNG' },
  { what: 'an icon', remedy: 'picture', begins: '\0\0\x01\0' },
  { what: 'a BMP image', remedy: 'picture', begins: 'BM', also: [6, '\0\0\0\0'] },
  { what: 'a bitmap without a file header (DIB)', remedy: 'picture', begins: '\x28\0\0\0', also: [12, '\x01\0'] },
  { what: 'a PCX image', remedy: 'picture', begins: '\x0a\x05\x01' },
  { what: 'a PCX image', remedy: 'picture', begins: '\x0a\x03\x01' },
  { what: 'a PCX image', remedy: 'picture', begins: '\x0a\x02\x01' },
  { what: 'a TGA image', remedy: 'picture', begins: '\0\0\x02\0\0\0\0\0\0\0\0\0' },
  { what: 'a TGA image', remedy: 'picture', begins: '\0\0\x03\0\0\0\0\0\0\0\0\0' },
  { what: 'a TGA image', remedy: 'picture', begins: '\0\0\x0a\0\0\0\0\0\0\0\0\0' },
  { what: 'a TGA image', remedy: 'picture', begins: '\0\0\x0b\0\0\0\0\0\0\0\0\0' },
  { what: 'a PDF document', remedy: 'picture', begins: '%PDF' },
  { what: 'a PostScript document', remedy: 'picture', begins: '%!PS' },
  { what: 'a Matroska or WebM film', remedy: 'volume', begins: '\x1a\x45\xdf\xa3' },
  { what: 'a NumPy array', remedy: 'array', begins: '\x93NUMPY' },
  { what: 'a MATLAB file', remedy: 'array', begins: 'MATLAB 5.0' },
  { what: 'a Parquet table', remedy: 'array', begins: 'PAR1' },
  { what: 'compressed with gzip', remedy: 'unpack', begins: '\x1f\x8b' },
  { what: 'compressed with bzip2', remedy: 'unpack', begins: 'BZh' },
  { what: 'compressed with xz', remedy: 'unpack', begins: '\xfd7zXZ\0' },
  { what: 'compressed with zstd', remedy: 'unpack', begins: '\x28\xb5\x2f\xfd' },
  { what: 'a 7z archive', remedy: 'archive', begins: '7z\xbc\xaf\x27\x1c' },
  { what: 'a RAR archive', remedy: 'archive', begins: 'Rar!\x1a\x07' },
  { what: 'a tar archive', remedy: 'archive', at: 257, begins: 'ustar' },
];
