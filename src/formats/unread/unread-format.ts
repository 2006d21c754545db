import { KnownError } from '../../errors.ts';
import { isJpeg } from '../jpeg/decode-jpeg.ts';
import { isPng } from '../png/chunks.ts';
import { isTiff } from '../tiff/header.ts';
import { isobmff } from './isobmff.ts';
import {
  KNOWN_FORMATS,
  type KnownFormat,
  REMEDIES,
  type Remedy,
  type UnreadFormat,
} from './known-formats.ts';
import { textFormat } from './text-format.ts';
import { zipFormat } from './zip-format.ts';

const READ = 'TIFF, PNG and JPEG files are read.';

/** What is known of a file that is no TIFF, PNG or JPEG, by its first bytes. */
export function recognizeFormat(bytes: Uint8Array): UnreadFormat | undefined {
  const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  const known = KNOWN_FORMATS.find((format) => fits(format, start));
  return known ?? isobmff(start) ?? zipFormat(bytes) ?? textFormat(start);
}

/** An `unsupported_file` error that says what a file is, if that is known, and what to do. */
export function unreadFormat(bytes: Uint8Array, name: string): KnownError {
  const format = recognizeFormat(bytes);
  const message =
    format === undefined
      ? `"${name}" is no image that can be read: it ${beginning(bytes)}. ${READ}`
      : `"${name}" is ${format.what}, which is not read. ${REMEDIES[format.remedy]} ${READ}`;
  return new KnownError('unsupported_file', message);
}

/** What to do with an image that is not read, or that its name hides, in a sentence; undefined for all else. */
export function adviceOnImage(bytes: Uint8Array): string | undefined {
  if ([isTiff, isPng, isJpeg].some((is) => is(bytes))) return `It ${describeFile(bytes)}.`;
  const format = recognizeFormat(bytes);
  if (format === undefined || !OF_IMAGES.has(format.remedy)) return undefined;
  return `It is ${format.what}, which is not read. ${REMEDIES[format.remedy]}`;
}

const OF_IMAGES: ReadonlySet<Remedy> = new Set(['microscope', 'volume', 'picture', 'array']);

/** What a file is instead of what its name says, as in "it …". */
export function describeFile(bytes: Uint8Array): string {
  if (isTiff(bytes)) return 'is a TIFF image; name it .tif';
  if (isPng(bytes)) return 'is a PNG image; name it .png';
  if (isJpeg(bytes)) return 'is a JPEG image; name it .jpg';
  const format = recognizeFormat(bytes);
  return format === undefined ? beginning(bytes) : `is ${format.what}`;
}

function fits({ at = 0, begins, also }: KnownFormat, start: string): boolean {
  if (!start.startsWith(begins, at)) return false;
  return also === undefined || start.startsWith(also[1], also[0]);
}

function beginning(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'is empty';
  const start = bytes.subarray(0, 16);
  if (bytes.subarray(0, 4096).every((byte) => byte === 0)) return 'begins with zeros only';
  const printable = start.every((byte) => byte >= 32 && byte < 127);
  if (printable) return `begins with "${String.fromCharCode(...start)}"`;
  return `begins with the bytes ${Buffer.from(start.subarray(0, 4)).toString('hex')}`;
}
