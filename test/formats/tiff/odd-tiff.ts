/** A tag of a little-endian classic TIFF: its number, its type, and its values or where they lie. */
export interface OddTag {
  readonly tag: number;
  /** 3: 16 bits; 4: 32 bits. */
  readonly type: number;
  readonly count: number;
  /** The value, or the place of the values. */
  readonly value: number;
}

export const long = (tag: number, value: number): OddTag => ({ tag, type: 4, count: 1, value });
export const listAt = (tag: number, count: number, at: number): OddTag => ({
  tag,
  type: 4,
  count,
  value: at,
});

/** A file of some bytes after its head, and a chain of directories after them. */
export function oddTiff(
  content: Uint8Array,
  directories: readonly (readonly OddTag[])[],
): Uint8Array {
  const start = 8 + content.length;
  const size = directories.reduce((sum, { length }) => sum + 6 + 12 * length, start);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x49492a00);
  view.setUint32(4, start, true);
  bytes.set(content, 8);
  let at = start;
  directories.forEach((tags, index) => {
    view.setUint16(at, tags.length, true);
    tags.forEach(({ tag, type, count, value }, place) => {
      const entry = at + 2 + 12 * place;
      view.setUint16(entry, tag, true);
      view.setUint16(entry + 2, type, true);
      view.setUint32(entry + 4, count, true);
      view.setUint32(entry + 8, value, true);
    });
    at += 2 + 12 * tags.length;
    const isLast = index === directories.length - 1;
    view.setUint32(at, isLast ? 0 : at + 4, true);
    at += 4;
  });
  return bytes;
}

/** The tags of a grey page of 8 bits in one strip. */
export function greyPage(height: number, width: number, offset: number, bytes: number): OddTag[] {
  return [
    long(256, width),
    long(257, height),
    long(258, 8),
    long(259, 1),
    long(273, offset),
    long(278, height),
    long(279, bytes),
  ];
}
