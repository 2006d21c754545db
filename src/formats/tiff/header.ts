import { corrupt } from '../corrupt-image.ts';

/** The tags that say how an image is stored: TIFF 6.0, Adobe Photoshop TIFF Technical Notes, BigTIFF. */
export const TAG = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  imageDescription: 270,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  sampleFormat: 339,
} as const;

const WANTED: ReadonlySet<number> = new Set(Object.values(TAG));

/** One image file directory: the numbers of each tag, and the description if there is one. */
export interface Directory {
  readonly numbers: ReadonlyMap<number, readonly number[]>;
  readonly description: string;
}

export interface TiffHeader {
  readonly littleEndian: boolean;
  readonly directories: readonly Directory[];
}

/** More pages than any stack has; a longer chain is a trap. */
const MOST_DIRECTORIES = 65_536;
/** Sizes of the field types 0 to 18 in bytes. */
const TYPE_SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** Whether the bytes begin as those of a TIFF or BigTIFF file. */
export function isTiff(bytes: Uint8Array): boolean {
  const mark = String.fromCharCode(...bytes.subarray(0, 4));
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(mark);
}

/** Reads the chain of directories; nothing of the image itself. Throws `corrupt_image`. */
export function readTiffHeader(bytes: Uint8Array, name: string): TiffHeader {
  return new HeaderReader(bytes, name).read();
}

class HeaderReader {
  readonly #view: DataView;
  readonly #name: string;
  readonly #littleEndian: boolean;
  readonly #big: boolean;

  constructor(bytes: Uint8Array, name: string) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
    this.#littleEndian = bytes[0] === 0x49;
    this.#big = this.#uint16(2) === 43;
  }

  read(): TiffHeader {
    const directories: Directory[] = [];
    const seen = new Set<number>();
    let offset = this.#big ? this.#uint64(8) : this.#uint32(4);
    while (offset !== 0) {
      if (seen.has(offset)) throw corrupt(this.#name, 'its pages form a circle');
      if (seen.size >= MOST_DIRECTORIES) throw corrupt(this.#name, 'it has too many pages');
      seen.add(offset);
      const { directory, next } = this.#directory(offset);
      directories.push(directory);
      offset = next;
    }
    if (directories.length === 0) throw corrupt(this.#name, 'it holds no image');
    return { littleEndian: this.#littleEndian, directories };
  }

  #directory(offset: number): { directory: Directory; next: number } {
    const count = this.#big ? this.#uint64(offset) : this.#uint16(offset);
    const entrySize = this.#big ? 20 : 12;
    const start = offset + (this.#big ? 8 : 2);
    this.#within(start, count * entrySize);
    const numbers = new Map<number, readonly number[]>();
    let description = '';
    for (let entry = start; entry < start + count * entrySize; entry += entrySize) {
      const tag = this.#uint16(entry);
      if (tag === TAG.imageDescription) description = this.#text(entry);
      else if (WANTED.has(tag)) numbers.set(tag, this.#values(entry));
    }
    const end = start + count * entrySize;
    return {
      directory: { numbers, description },
      next: this.#big ? this.#uint64(end) : this.#uint32(end),
    };
  }

  /** Where the values of an entry lie: in the entry itself if they fit. */
  #place(entry: number): { type: number; count: number; at: number } {
    const type = this.#uint16(entry + 2);
    const count = this.#big ? this.#uint64(entry + 4) : this.#uint32(entry + 4);
    const size = (TYPE_SIZES[type] ?? 0) * count;
    const inline = entry + (this.#big ? 12 : 8);
    const fits = size <= (this.#big ? 8 : 4);
    const at = fits ? inline : this.#big ? this.#uint64(inline) : this.#uint32(inline);
    this.#within(at, size);
    return { type, count, at };
  }

  #values(entry: number): number[] {
    const { type, count, at } = this.#place(entry);
    const size = TYPE_SIZES[type] ?? 0;
    if (size === 0) throw corrupt(this.#name, `a tag has the unknown type ${type}`);
    return Array.from({ length: count }, (_, index) => this.#number(type, at + index * size));
  }

  #text(entry: number): string {
    const { type, count, at } = this.#place(entry);
    if (TYPE_SIZES[type] !== 1) return '';
    const bytes = Array.from({ length: Math.min(count, 4096) }, (_, i) =>
      this.#view.getUint8(at + i),
    );
    return String.fromCharCode(...bytes).replace(/\0.*$/s, '');
  }

  #number(type: number, at: number): number {
    if (TYPE_SIZES[type] === 1) return this.#view.getUint8(at);
    if (type === 3 || type === 8) return this.#uint16(at);
    if (type === 4 || type === 9 || type === 13) return this.#uint32(at);
    if (type >= 16) return this.#uint64(at);
    throw corrupt(this.#name, `a tag has the unexpected type ${type}`);
  }

  #uint16(at: number): number {
    this.#within(at, 2);
    return this.#view.getUint16(at, this.#littleEndian);
  }

  #uint32(at: number): number {
    this.#within(at, 4);
    return this.#view.getUint32(at, this.#littleEndian);
  }

  #uint64(at: number): number {
    this.#within(at, 8);
    return Number(this.#view.getBigUint64(at, this.#littleEndian));
  }

  #within(at: number, size: number): void {
    if (at + size > this.#view.byteLength) throw corrupt(this.#name, 'it ends too early');
  }
}
