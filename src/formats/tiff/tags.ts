/**
 * The tags that are read: TIFF 6.0, Adobe Photoshop TIFF Technical Notes, and private ones of SGI
 * (depth), MetaMorph (UIC) and GDAL.
 */
export const TAG = {
  newSubfileType: 254,
  subfileType: 255,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  imageDescription: 270,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planarConfiguration: 284,
  pageName: 285,
  resolutionUnit: 296,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  sampleFormat: 339,
  jpegTables: 347,
  yCbCrSubSampling: 530,
  imageDepth: 32997,
  tileDepth: 32998,
  uic1: 33628,
  uic2: 33629,
  gdalNoData: 42113,
} as const;

/** Values of PhotometricInterpretation. */
export const PHOTOMETRIC = { rgb: 2, yCbCr: 6 } as const;
