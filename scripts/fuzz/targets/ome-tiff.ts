const PAGES = 4;
const [WIDTH, HEIGHT] = [8, 6];
const PIXEL_BYTES = WIDTH * HEIGHT * 2;
/** Tag, type (3 short, 4 long), value. */
const ENTRIES: readonly (readonly [tag: number, type: number, value: number])[] = [
  [256, 3, WIDTH],
  [257, 3, HEIGHT],
  [258, 3, 16],
  [259, 3, 1],
  [262, 3, 1],
  [270, 2, 0],
  [273, 4, 0],
  [277, 3, 1],
  [278, 3, HEIGHT],
  [279, 4, PIXEL_BYTES],
];

/** A little-endian TIFF of four pages of 6 × 8 words, of which the first has this description. */
export function omeTiff(description: Uint8Array): Buffer {
  const text = Buffer.concat([description, Buffer.alloc(5)]);
  const directoryBytes = 6 + 12 * ENTRIES.length;
  const textAt = 8 + PAGES * (directoryBytes + PIXEL_BYTES);
  const file = Buffer.alloc(textAt + text.length);
  file.write('II*\0\x08\0\0\0', 'latin1');
  file.set(text, textAt);
  for (let page = 0; page < PAGES; page++) {
    const at = 8 + page * (directoryBytes + PIXEL_BYTES);
    writeDirectory(file, at, page === 0 ? [text.length, textAt] : [1, textAt + text.length - 1]);
    const next = page === PAGES - 1 ? 0 : at + directoryBytes + PIXEL_BYTES;
    file.writeUInt32LE(next, at + directoryBytes - 4);
    file.fill(page, at + directoryBytes, at + directoryBytes + PIXEL_BYTES);
  }
  return file;
}

function writeDirectory(
  file: Buffer,
  at: number,
  [length, place]: readonly [number, number],
): void {
  file.writeUInt16LE(ENTRIES.length, at);
  ENTRIES.forEach(([tag, type, value], index) => {
    const entry = at + 2 + 12 * index;
    file.writeUInt16LE(tag, entry);
    file.writeUInt16LE(type, entry + 2);
    file.writeUInt32LE(tag === 270 ? length : 1, entry + 4);
    const pixels = at + 6 + 12 * ENTRIES.length;
    file.writeUInt32LE(tag === 270 ? place : tag === 273 ? pixels : value, entry + 8);
  });
}
