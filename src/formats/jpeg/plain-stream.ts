import { corrupt } from '../corrupt-image.ts';
import { type JpegColour, adobeMarker, storedColour } from './colour.ts';
import { type JpegFrame, findFrame, unsupported } from './frame.ts';
import { MARKER, isFrame } from './marker.ts';
import { type JpegSegment, jpegSegments } from './segments.ts';

/** A JPEG stream of nothing but what its pixels need. */
export interface PlainStream {
  readonly frame: JpegFrame;
  /** In this order they make the stream. */
  readonly pieces: readonly Uint8Array[];
  /** False if the stream stops before its end. */
  readonly ended: boolean;
  /** Scans; each refines the image or adds a colour. */
  readonly scans: number;
}

export interface JpegSource {
  readonly bytes: Uint8Array;
  /** What the user calls the file, for messages. */
  readonly name: string;
  /** Tables that the stream leaves out, as a stream of their own (TIFF, tag JPEGTables). */
  readonly tables?: Uint8Array | undefined;
  /** What the samples are, if the file around the stream says so: else, the stream does. */
  readonly colour?: JpegColour | undefined;
  /** What the streams of a file may cost together; by default, what one alone may cost. */
  readonly budget?: JpegBudget | undefined;
}

/** Visits of blocks besides the first of each. */
export interface JpegBudget {
  left: number;
}

const START = Uint8Array.of(0xff, MARKER.startOfImage);
const END = Uint8Array.of(0xff, MARKER.endOfImage);
const TABLES = new Set<number>([
  MARKER.huffmanTables,
  MARKER.arithmeticTables,
  MARKER.quantization,
  MARKER.restartInterval,
]);

/** Every scan goes through all blocks of 8 × 8 samples, however few bytes it takes: 10 to 50 ns a block. */
const MAX_BLOCK_VISITS = 12_000_000;
/** What all streams of one file may cost, however many they are. */
export function jpegBudget(): JpegBudget {
  return { left: MAX_BLOCK_VISITS };
}

/** As many as any script makes: each of 64 coefficients of 3 colours by itself, refined several times. */
const MAX_SCANS = 1000;

/**
 * Takes a stream apart and keeps tables, frame and scans: metadata cannot harm then, nothing between segments
 * is left, and the samples are taken for what `colour` says. Throws `corrupt_image` or `unsupported_file`.
 */
export function plainStream({ bytes, name, tables, colour, budget }: JpegSource): PlainStream {
  const segments = [...jpegSegments(bytes, name)];
  const frame = findFrame(segments, name);
  const scans = segments.filter(({ marker }) => marker === MARKER.scan);
  checkFrames(segments, name);
  checkScans(frame, scans.length, { name, budget });
  const before = segments.slice(0, segments.indexOf(scans[0]));
  const own = colour ?? storedColour(frame, before);
  if (frame.lossless && own === 'ycbcr') {
    throw unsupported(name, 'a lossless JPEG of YCbCr colours; grey and RGB are read');
  }
  const shared = tables === undefined ? [] : [...jpegSegments(tables, name)];
  const kept = [...shared.filter(isTable), ...segments.filter(isNeeded)];
  const head = frame.components.length === 1 ? [START] : [START, adobeMarker(own)];
  return {
    frame,
    pieces: [...head, ...kept.map((segment) => segment.bytes), END],
    ended: segments.at(-1)?.marker === MARKER.endOfImage,
    scans: scans.length,
  };
}

function isTable({ marker }: JpegSegment): boolean {
  return TABLES.has(marker);
}

function isNeeded(segment: JpegSegment): boolean {
  return isTable(segment) || isFrame(segment.marker) || segment.marker === MARKER.scan;
}

/** A second frame header could be larger than the one that was checked. */
function checkFrames(segments: readonly JpegSegment[], name: string): void {
  const frames = segments.filter(({ marker }) => isFrame(marker));
  if (frames.length > 1) throw corrupt(name, `it has ${frames.length} frame headers`);
}

function checkScans(
  { width, height, components }: JpegFrame,
  scans: number,
  { name, budget = jpegBudget() }: Pick<JpegSource, 'name' | 'budget'>,
): void {
  if (scans === 0) throw corrupt(name, 'it ends before the image begins');
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8) * components.length;
  const most = Math.min(MAX_SCANS, Math.ceil(MAX_BLOCK_VISITS / blocks));
  if (scans > most) {
    throw corrupt(name, `it has ${scans} scans; an image of its size has at most ${most}`);
  }
  budget.left -= (scans - 1) * blocks;
  if (budget.left < 0) throw corrupt(name, 'its JPEG data have more scans than an image needs');
}
