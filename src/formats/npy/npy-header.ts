import { KnownError } from '../../errors.ts';

/** What the header of a .npy file says about its array. */
export interface NpyHeader {
  /** `f` floating point, `i` and `u` whole numbers with and without sign, `b` truth values. */
  readonly kind: 'f' | 'i' | 'u' | 'b';
  /** Bytes of an element. */
  readonly bytes: number;
  readonly littleEndian: boolean;
  /** Whether the first axis varies fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly dataStart: number;
}

/** NumPy itself refuses to read longer ones. */
const LONGEST_HEADER = 10_000;
/** Bytes at the beginning of a file in which its header is found. */
export const NPY_HEADER_BYTES = 12 + LONGEST_HEADER;

const MAGIC = 0x934e554d;

/**
 * Reads the header of a .npy file, version 1.0 to 3.0, from the beginning of the file. Throws `corrupt_image`, and
 * `unsupported_file` for types that are no real numbers.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpyHeader(file: Uint8Array, name: string): NpyHeader {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 12 || view.getUint32(0) !== MAGIC || view.getUint16(4) !== 0x5059) {
    throw damaged(name, 'it is not a .npy file');
  }
  const isWide = view.getUint8(6) > 1;
  const start = isWide ? 12 : 10;
  const length = isWide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > LONGEST_HEADER || start + length > file.length) {
    throw damaged(name, 'its header is too long');
  }
  const text = new TextDecoder('latin1').decode(file.slice(start, start + length));
  return { ...typeIn(text, name), ...layoutIn(text, name), dataStart: start + length };
}

/** The element types that NumPy writes of numbers: `<f4` is a float32 in little-endian order. */
const TYPE = /'descr':\s*'([<>|=])(?:(f)([248])|([iu])([1248])|(b)(1))'/;

function typeIn(text: string, name: string): Pick<NpyHeader, 'kind' | 'bytes' | 'littleEndian'> {
  const [whole, order, float, floatBytes, integer, integerBytes, truth] = TYPE.exec(text) ?? [];
  const kind = float ?? integer ?? truth;
  if (whole !== undefined && (kind === 'f' || kind === 'i' || kind === 'u' || kind === 'b')) {
    const bytes = Number(floatBytes ?? integerBytes ?? 1);
    return { kind, bytes, littleEndian: order !== '>' };
  }
  const [, descr = 'unknown'] = /'descr':\s*(\[.{1,80}?\]|'[^']*')/s.exec(text) ?? [];
  throw new KnownError(
    'unsupported_file',
    `"${name}" holds elements of type ${descr}; real numbers and truth values are read.`,
  );
}

function layoutIn(text: string, name: string): Pick<NpyHeader, 'fortranOrder' | 'shape'> {
  const [, order] = /'fortran_order':\s*(True|False)/.exec(text) ?? [];
  const [, list] = /'shape':\s*\(([\d,\sL]*)\)/.exec(text) ?? [];
  if (order === undefined || list === undefined)
    throw damaged(name, `its header is ${text.trim()}`);
  // Python 2 wrote long numbers as 3L.
  const shape = list
    .replaceAll('L', '')
    .split(',')
    .flatMap((word) => numberIn(word));
  if (shape.some((axis) => !Number.isSafeInteger(axis)))
    throw damaged(name, 'its shape is too large');
  return { fortranOrder: order === 'True', shape };
}

function numberIn(word: string): number[] {
  return word.trim() === '' ? [] : [Number(word)];
}

/** A `corrupt_image` error: what is wrong with the .npy file `name`. */
export function damaged(name: string, why: string): KnownError {
  return new KnownError('corrupt_image', `"${name}" is damaged: ${why}.`);
}
