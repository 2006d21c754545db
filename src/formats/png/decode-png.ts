import { constants, inflateSync } from 'node:zlib';
import { type NdArray, sharedFloat32 } from '../../imaging/array.ts';
import { corrupt } from '../corrupt-image.ts';
import { CHUNK, pngChunks } from './chunks.ts';
import { type PngHeader, readPngHeader } from './header.ts';
import { type PngPass, passesBytes, pngPasses } from './passes.ts';
import { type ReadSamples, sampleReader } from './samples.ts';
import { FIRST_ROW, UNFILTERS } from './unfilter.ts';

/*
 * Why not fast-png, which read PNG before: it expands profiles, texts and pixels without a bound (2 MB became
 * 4.2 GB), refuses files for metadata that nothing needs, cannot undo interlacing below 8 bits, and inflates
 * in JavaScript.
 */

/** Deflate makes at most 1032 bytes of one. */
const MOST_EXPANSION = 1032;
/** What a file may hold after its pixels, which nobody reads. */
const SLACK = 2 ** 16;

/** Reads the header of a PNG file, no more. Throws as `decodePng`. */
export function pngHeader(bytes: Uint8Array, name: string): PngHeader {
  return readPngHeader(bytes, pngChunks(bytes, name).next().value ?? undefined, name);
}

/**
 * Reads a PNG file as float32 `[row, column, channel]` in shared memory, with the values that Pillow gives,
 * except that RGB and grey with alpha keep their 16 bits: 1 bit gives 0 and 1, grey of 2 and 4 bits 0 to 255,
 * a palette its indices. Only what pixels need is read: profiles and texts are passed over. Of an animation,
 * the image that viewers without animations show is read.
 *
 * The caller has checked the size of the image. Throws `corrupt_image` or `unsupported_file`.
 */
export function decodePng(bytes: Uint8Array, name: string): NdArray<Float32Array> {
  const { header, packed } = readFile(bytes, name);
  const { width, height, channels, depth } = header;
  const passes = pngPasses(header);
  const raw = expand(packed, passesBytes(passes), name);
  const data = sharedFloat32(width * height * channels);
  const target = { data, header, read: sampleReader(header) };
  const step = Math.max(1, (channels * depth) >> 3);
  let start = 0;
  for (const pass of passes) {
    unfilterPass(raw, start, pass, step, name);
    (header.interlaced ? scatterPass : placeRows)(raw, start, pass, target);
    start += pass.height * (pass.rowBytes + 1);
  }
  return { shape: [height, width, channels], data };
}

/** Frames of the animation that a PNG file holds; 1 if it holds none. */
export function pngFrames(bytes: Uint8Array, name: string): number {
  for (const { type, start, end } of pngChunks(bytes, name)) {
    if (type === CHUNK.pixels) break;
    if (type === CHUNK.animation && end - start >= 8) {
      return Buffer.from(bytes.subarray(start, start + 4)).readUInt32BE();
    }
  }
  return 1;
}

interface PackedPixels {
  readonly header: PngHeader;
  readonly packed: Uint8Array;
}

/** The header, and the compressed pixels: the first run of IDAT chunks, like Pillow. */
function readFile(bytes: Uint8Array, name: string): PackedPixels {
  const chunks = pngChunks(bytes, name);
  const header = readPngHeader(bytes, chunks.next().value ?? undefined, name);
  const pieces: Uint8Array[] = [];
  let hasPixels = false;
  for (const { type, start, end } of chunks) {
    if (type === CHUNK.header) throw corrupt(name, 'it has two headers');
    if (type !== CHUNK.pixels && hasPixels) break;
    if (type !== CHUNK.pixels) continue;
    hasPixels = true;
    if (end > start) pieces.push(bytes.subarray(start, end));
  }
  if (!hasPixels) throw corrupt(name, 'it ends before the image begins');
  return { header, packed: Buffer.concat(pieces) };
}

/** The checksum of the compressed data is checked, if they are all there. */
function expand(packed: Uint8Array, size: number, name: string): Uint8Array {
  if (packed.length * MOST_EXPANSION < size) throw corrupt(name, 'it ends too early');
  const chunkSize = size + SLACK;
  const options = { chunkSize, maxOutputLength: chunkSize, finishFlush: constants.Z_SYNC_FLUSH };
  const raw = attempt(() => inflateSync(packed, options), name);
  if (raw.length < size) throw corrupt(name, 'it ends too early');
  return raw;
}

function attempt(work: () => Uint8Array, name: string): Uint8Array {
  try {
    return work();
  } catch (cause) {
    const tooLong =
      cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    const why = tooLong ? 'it expands to more than its pixels' : 'its pixels cannot be expanded';
    throw corrupt(name, why, cause);
  }
}

function unfilterPass(
  raw: Uint8Array,
  start: number,
  { height, rowBytes }: PngPass,
  step: number,
  name: string,
): void {
  for (let y = 0; y < height; y++) {
    const at = start + y * (rowBytes + 1);
    const unfilter = (y === 0 ? FIRST_ROW : UNFILTERS)[raw[at]];
    if (unfilter === undefined) throw corrupt(name, `a row has the unknown filter ${raw[at]}`);
    unfilter(raw, at + 1, { above: at - rowBytes, length: rowBytes, step });
  }
}

interface Target {
  readonly data: Float32Array;
  readonly header: PngHeader;
  readonly read: ReadSamples;
}

/** Rows of the whole image, one below the other. */
function placeRows(raw: Uint8Array, start: number, pass: PngPass, target: Target): void {
  const perRow = pass.width * target.header.channels;
  for (let y = 0; y < pass.height; y++) {
    const at = start + y * (pass.rowBytes + 1) + 1;
    target.read(raw.subarray(at, at + pass.rowBytes), perRow, target.data, y * perRow);
  }
}

/** Rows of some of the pixels, each to its place. */
function scatterPass(raw: Uint8Array, start: number, pass: PngPass, target: Target): void {
  const { channels, width } = target.header;
  const row = new Float32Array(pass.width * channels);
  for (let y = 0; y < pass.height; y++) {
    const at = start + y * (pass.rowBytes + 1) + 1;
    target.read(raw.subarray(at, at + pass.rowBytes), row.length, row, 0);
    let to = ((pass.row + y * pass.rowStep) * width + pass.column) * channels;
    for (let from = 0; from < row.length; from += channels) {
      for (let c = 0; c < channels; c++) target.data[to + c] = row[from + c];
      to += pass.columnStep * channels;
    }
  }
}
