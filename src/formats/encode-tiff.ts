import { type NdArray, sharedBytes, sizeOf } from '../imaging/array.ts';
import { interleave } from '../imaging/elements/interleave.ts';

/** What a written image holds: values of one plane a page, or pixels of three bytes. */
export type TiffImage = (NdArray<Float32Array | Int32Array> | NdArray<Uint8Array>) & {
  /** A letter for each axis, as tifffile has them (`TYX`), for readers that need not guess then. */
  readonly axes?: string;
  /** Where `data` holds the values of several channels side by side: which of how many is the image. */
  readonly channel?: { readonly index: number; readonly of: number };
};

/** A file that is written piece by piece. */
export interface FileContent {
  /** Bytes of the file. */
  readonly size: number;
  /** Writes the part of the file from `start` on that fits into `piece`; both are multiples of 16. */
  readonly read: (start: number, piece: Uint8Array) => void;
}

interface Tag {
  readonly tag: number;
  readonly type: 'text' | 'short' | 'long' | 'offset';
  readonly values: readonly number[];
}

/** How the planes of a TIFF lie: one a page, uncompressed. */
export interface Layout {
  readonly big: boolean;
  readonly height: number;
  readonly width: number;
  readonly pages: number;
  readonly pageBytes: number;
  readonly samples: number;
  readonly bits: number;
  /** SampleFormat: 1 unsigned, 3 floating point. */
  readonly format: 1 | 3;
  readonly description: string;
}

/** Sizes of files above it do not fit the offsets of a TIFF; a BigTIFF is written. */
const LARGEST_TIFF = 2 ** 32 - 2 ** 16;
const ALIGNMENT = 16;

/**
 * Writes an image as tifffile's `imwrite` does by default: uncompressed, little-endian, one plane a page, the
 * pixels in one piece, and the shape in the description, so that `imread` gives it back, axes of length 1
 * included. Int32 and float32 `[…, row, column]` are written as float32; uint8 `[row, column, 3]` as RGB. The
 * bytes depend on the image alone and lie in shared memory.
 */
export function encodeTiff(image: TiffImage): Uint8Array {
  const { size, read } = tiffContent(image);
  const bytes = sharedBytes(size);
  read(0, bytes);
  return bytes;
}

/** The file that `encodeTiff` makes. */
export function tiffContent(image: TiffImage): FileContent {
  const layout = layoutOf(image);
  const header = headerOf(layout);
  return {
    size: header.length + layout.pages * layout.pageBytes,
    read: (start, piece) => {
      piece.set(header.subarray(start, start + piece.length));
      const from = Math.max(header.length - start, 0);
      if (from < piece.length)
        writePixels(image, start + from - header.length, piece.subarray(from));
    },
  };
}

function layoutOf({ shape, data, axes }: TiffImage): Layout {
  const colour = data instanceof Uint8Array;
  const [height = 1, width = 1] = colour ? shape : shape.slice(-2);
  const pages = colour ? 1 : sizeOf(shape.slice(0, -2));
  const pageBytes = height * width * (colour ? 3 : 4);
  return {
    big: needsBigTiff(pages, pageBytes),
    height,
    width,
    pages,
    pageBytes,
    samples: colour ? 3 : 1,
    bits: colour ? 8 : 32,
    format: colour ? 1 : 3,
    description: descriptionOf(shape, axes),
  };
}

/** Writes the bytes of the pixels from `start` on. */
function writePixels({ data, channel }: TiffImage, start: number, bytes: Uint8Array): void {
  if (data instanceof Uint8Array) {
    bytes.set(data.subarray(start, start + bytes.length));
    return;
  }
  const { index, of } = channel ?? { index: 0, of: 1 };
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const first = (start / 4) * of + index;
  const count = Math.min(values.length, Math.max(Math.ceil((data.length - first) / of), 0));
  values.fill(0, count);
  if (of === 1) values.set(data.subarray(first, first + count));
  else interleave([{ data, start: first, step: of }], count, values);
}

function descriptionOf(shape: readonly number[], axes: string | undefined): string {
  const named = axes === undefined ? '' : `, "axes": "${axes}"`;
  return `{"shape": [${shape.join(', ')}]${named}}`;
}

/** Whether offsets of such pages do not fit the 32 bits of a TIFF. */
export function needsBigTiff(pages: number, pageBytes: number): boolean {
  return pages * (pageBytes + 512) > LARGEST_TIFF;
}

/** All directories in shared memory, with room for the pixels after them, from `pixels` on. */
export function writeHeader(layout: Layout): { bytes: Uint8Array; pixels: number } {
  const header = headerOf(layout);
  const bytes = sharedBytes(header.length + layout.pages * layout.pageBytes);
  bytes.set(header);
  return { bytes, pixels: header.length };
}

/** All directories; the pixels stand behind them. */
function headerOf(layout: Layout): Uint8Array {
  const { big, pages, pageBytes } = layout;
  const start = big ? 16 : 8;
  const sizes = Array.from({ length: pages }, (_, page) =>
    directorySize(tagsOf(layout, page, 0), big),
  );
  const headerSize = sizes.reduce((sum, size) => sum + size, start);
  const pixels = Math.ceil(headerSize / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(pixels);
  const writer = new DirectoryWriter(bytes, big);
  writer.start(start);
  let at = start;
  for (let page = 0; page < pages; page++) {
    const next = at + (sizes[page] ?? 0);
    writer.directory(
      at,
      tagsOf(layout, page, pixels + page * pageBytes),
      page === pages - 1 ? 0 : next,
    );
    at = next;
  }
  return bytes;
}

function tagsOf(layout: Layout, page: number, offset: number): Tag[] {
  const { height, width, samples, bits, format, pageBytes, description } = layout;
  const perSample = (value: number): number[] => Array.from({ length: samples }, () => value);
  const text = [...new TextEncoder().encode(`${description}\0`)];
  const tags: Tag[] = [
    { tag: 256, type: 'long', values: [width] },
    { tag: 257, type: 'long', values: [height] },
    { tag: 258, type: 'short', values: perSample(bits) },
    { tag: 259, type: 'short', values: [1] },
    { tag: 262, type: 'short', values: [samples === 3 ? 2 : 1] },
    { tag: 270, type: 'text', values: text },
    { tag: 273, type: 'offset', values: [offset] },
    { tag: 277, type: 'short', values: [samples] },
    { tag: 278, type: 'long', values: [height] },
    { tag: 279, type: 'offset', values: [pageBytes] },
    { tag: 339, type: 'short', values: perSample(format) },
  ];
  return page === 0 ? tags : tags.filter(({ tag }) => tag !== 270);
}

const TYPE_CODES = { text: 2, short: 3, long: 4 } as const;
const TYPE_BYTES = { text: 1, short: 2, long: 4 } as const;

function bytesOf({ type, values }: Tag, big: boolean): number {
  return values.length * (type === 'offset' ? (big ? 8 : 4) : TYPE_BYTES[type]);
}

/** The directory itself and what does not fit into its entries, padded to whole words. */
function directorySize(tags: readonly Tag[], big: boolean): number {
  const entries = big ? 8 + tags.length * 20 + 8 : 2 + tags.length * 12 + 4;
  const outside = tags.map((tag) => bytesOf(tag, big)).filter((size) => size > (big ? 8 : 4));
  return align(entries) + outside.reduce((sum, size) => sum + align(size), 0);
}

function align(size: number): number {
  return Math.ceil(size / 8) * 8;
}

class DirectoryWriter {
  readonly #view: DataView;
  readonly #big: boolean;

  constructor(bytes: Uint8Array, big: boolean) {
    this.#view = new DataView(bytes.buffer);
    this.#big = big;
  }

  start(first: number): void {
    this.#view.setUint16(0, 0x4949);
    this.#view.setUint16(2, this.#big ? 43 : 42, true);
    if (this.#big) this.#view.setUint16(4, 8, true);
    this.#word(this.#big ? 8 : 4, first);
  }

  directory(at: number, tags: readonly Tag[], next: number): void {
    const entrySize = this.#big ? 20 : 12;
    let entry = at + (this.#big ? 8 : 2);
    if (this.#big) this.#word(at, tags.length);
    else this.#view.setUint16(at, tags.length, true);
    const end = entry + tags.length * entrySize;
    let outside = at + align(end + (this.#big ? 8 : 4) - at);
    for (const tag of tags) {
      const size = bytesOf(tag, this.#big);
      const fits = size <= (this.#big ? 8 : 4);
      const place = entry + (this.#big ? 12 : 8);
      this.#entry(entry, tag);
      if (!fits) this.#word(place, outside);
      this.#values(fits ? place : outside, tag);
      if (!fits) outside += align(size);
      entry += entrySize;
    }
    this.#word(end, next);
  }

  #entry(at: number, { tag, type, values }: Tag): void {
    this.#view.setUint16(at, tag, true);
    this.#view.setUint16(at + 2, type === 'offset' ? (this.#big ? 16 : 4) : TYPE_CODES[type], true);
    this.#word(at + 4, values.length);
  }

  #values(at: number, { type, values }: Tag): void {
    values.forEach((value, index) => {
      if (type === 'text') this.#view.setUint8(at + index, value);
      else if (type === 'short') this.#view.setUint16(at + 2 * index, value, true);
      else if (type === 'long') this.#view.setUint32(at + 4 * index, value, true);
      else this.#word(at + (this.#big ? 8 : 4) * index, value);
    });
  }

  #word(at: number, value: number): void {
    if (this.#big) this.#view.setBigUint64(at, BigInt(value), true);
    else this.#view.setUint32(at, value, true);
  }
}
