/** The second byte of a JPEG marker (ITU-T T.81, table B.1). */
export const MARKER = {
  temporary: 0x01,
  frame: 0xc0,
  huffmanTables: 0xc4,
  lossless: 0xc3,
  extension: 0xc8,
  arithmeticTables: 0xcc,
  restart: 0xd0,
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  scan: 0xda,
  quantization: 0xdb,
  lines: 0xdc,
  restartInterval: 0xdd,
  application0: 0xe0,
  application14: 0xee,
  lastApplication: 0xef,
  jpegLs: 0xf7,
  comment: 0xfe,
} as const;

/** True for the 13 markers of a frame header. */
export function isFrame(marker: number): boolean {
  const { frame, huffmanTables, extension, arithmeticTables } = MARKER;
  const isTable = marker === huffmanTables || marker === extension || marker === arithmeticTables;
  return marker >= frame && marker <= 0xcf && !isTable;
}

/** True for a marker that no length and no content follows. */
export function standsAlone(marker: number): boolean {
  return marker === MARKER.temporary || isRestart(marker);
}

/** True for the markers that divide the data of a scan. */
export function isRestart(marker: number): boolean {
  return marker >= MARKER.restart && marker < MARKER.startOfImage;
}

/** True for the markers of T.81 and T.87 (JPEG-LS); others are reserved. */
export function isKnown(marker: number): boolean {
  return marker >= MARKER.frame || marker === MARKER.temporary;
}

/** True for comments and for what applications note, except where they say how colours are stored. */
export function isMetadata(marker: number): boolean {
  const { comment, application0, application14, lastApplication } = MARKER;
  if (marker === application0 || marker === application14) return false;
  return marker === comment || (marker >= application0 && marker <= lastApplication);
}
