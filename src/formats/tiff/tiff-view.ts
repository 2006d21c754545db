import { isUtf8 } from 'node:buffer';
import { corrupt } from '../corrupt-image.ts';

/** What a tag says, where it lies in the file. Its values are read when somebody asks for them. */
export interface Field {
  /** The type of its values, as TIFF 6.0 and BigTIFF number them. */
  readonly type: number;
  readonly count: number;
  /** Where the values begin. */
  readonly at: number;
}

/** Sizes of the field types 0 to 18 in bytes; 0: no such type. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const RATIONAL = 5;
/** Bytes of a text that is read; longer ones are taken for absent. */
const MOST_TEXT = 64 * 2 ** 20;

/** Bytes of one value of a field; 0 if its type is unknown. */
export function valueBytes({ type }: Field): number {
  return TYPE_BYTES[type] ?? 0;
}

/**
 * A TIFF file's bytes in its byte order. Reading outside of the file throws `corrupt_image`; the
 * methods for what pixels do not need (`text`, `rational`) give undefined instead.
 */
export class TiffView {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly littleEndian: boolean;
  /** Whether it is a BigTIFF, whose offsets have 64 bits. */
  readonly big: boolean;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, name: string) {
    this.bytes = bytes;
    this.name = name;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.littleEndian = bytes[0] === 0x49;
    this.big = this.uint16(2) === 43;
  }

  has(at: number, size: number): boolean {
    return at + size <= this.bytes.length;
  }

  uint16(at: number): number {
    this.#within(at, 2);
    return this.#view.getUint16(at, this.littleEndian);
  }

  uint32(at: number): number {
    this.#within(at, 4);
    return this.#view.getUint32(at, this.littleEndian);
  }

  uint64(at: number): number {
    this.#within(at, 8);
    return Number(this.#view.getBigUint64(at, this.littleEndian));
  }

  /** An offset or a count of the file's width. */
  word(at: number): number {
    return this.big ? this.uint64(at) : this.uint32(at);
  }

  /** A whole number among the values of a field. */
  number(field: Field, index: number): number {
    const size = valueBytes(field);
    const at = field.at + index * size;
    if (size === 1) {
      this.#within(at, 1);
      return this.bytes[at] ?? 0;
    }
    if (field.type === 3 || field.type === 8) return this.uint16(at);
    if (field.type === 4 || field.type === 9 || field.type === 13) return this.uint32(at);
    if (field.type >= 16 && size === 8) return this.uint64(at);
    throw corrupt(this.name, `a tag has the unexpected type ${field.type}`);
  }

  /** The first `most` whole numbers of a field. */
  numbers(field: Field, most: number): number[] {
    const count = Math.min(field.count, most);
    return Array.from({ length: count }, (_, index) => this.number(field, index));
  }

  /** The bytes of a field; undefined if they are not all in the file. */
  content(field: Field | undefined): Uint8Array | undefined {
    if (field === undefined) return undefined;
    const size = field.count * valueBytes(field);
    if (size === 0 || !this.has(field.at, size)) return undefined;
    return this.bytes.subarray(field.at, field.at + size);
  }

  /** A text up to its first NUL; undefined if there is none, or none that is read. */
  text(field: Field | undefined): string | undefined {
    const content = field && valueBytes(field) === 1 ? this.content(field) : undefined;
    if (content === undefined || content.length > MOST_TEXT) return undefined;
    const end = content.indexOf(0);
    const text = Buffer.from(content.subarray(0, end < 0 ? content.length : end));
    return isUtf8(text) ? text.toString() : text.toString('latin1');
  }

  /** A fraction; undefined if there is none, or no number. */
  rational(field: Field | undefined, index = 0): number | undefined {
    if (field?.type !== RATIONAL || index >= field.count) return undefined;
    const at = field.at + index * 8;
    if (!this.has(at, 8)) return undefined;
    const value = this.uint32(at) / this.uint32(at + 4);
    return Number.isFinite(value) ? value : undefined;
  }

  #within(at: number, size: number): void {
    if (!this.has(at, size)) throw corrupt(this.name, 'it ends too early');
  }
}
