import { KnownError } from '../../errors.ts';
import { corrupt } from '../corrupt-image.ts';
import { MARKER, isFrame } from './marker.ts';
import type { JpegSegment } from './segments.ts';

/** What a frame header says (T.81, B.2.2). */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly JpegComponent[];
  readonly lossless: boolean;
}

export interface JpegComponent {
  readonly id: number;
  /** Samples across and down, relative to the other components: 1 to 4. */
  readonly across: number;
  readonly down: number;
}

/** What libjpeg does not read, by the marker of the frame. */
const UNREAD = new Map([
  [0xc5, 'hierarchical'],
  [0xc6, 'hierarchical'],
  [0xc7, 'hierarchical'],
  [0xcb, 'lossless and arithmetic-coded'],
  [0xcd, 'hierarchical'],
  [0xce, 'hierarchical'],
  [0xcf, 'hierarchical'],
]);

/** Reads a frame header. Throws `unsupported_file` for a process, depth or number of colours that is not read. */
function readFrame({ marker, content }: JpegSegment, name: string): JpegFrame {
  const process = UNREAD.get(marker);
  if (process !== undefined) throw unsupported(name, `a ${process} JPEG, which is not read`);
  const [depth = 0, , , , , count = 0] = content;
  if (content.length < 6 + 3 * count) throw corrupt(name, 'its frame header is too short');
  if (depth !== 8) throw unsupported(name, `a JPEG with ${depth} bits a sample; 8 are read`);
  const height = (content[1] << 8) | content[2];
  const width = (content[3] << 8) | content[4];
  if (width === 0) throw corrupt(name, 'its width is 0');
  if (height === 0) throw unsupported(name, 'a JPEG without its height (DNL), which is not read');
  const lossless = marker === MARKER.lossless;
  return { width, height, components: readComponents(content, count, name), lossless };
}

/** The frame header among segments, which are read until it is found. Throws `corrupt_image` if there is none. */
export function findFrame(segments: Iterable<JpegSegment>, name: string): JpegFrame {
  for (const segment of segments) {
    if (segment.marker === MARKER.jpegLs)
      throw unsupported(name, 'a JPEG-LS image, which is not read');
    if (isFrame(segment.marker)) return readFrame(segment, name);
    if (segment.marker === MARKER.scan) break;
  }
  throw corrupt(name, 'it ends before the image begins');
}

function readComponents(content: Uint8Array, count: number, name: string): JpegComponent[] {
  if (count === 4) throw unsupported(name, 'a CMYK JPEG (4 colours); grey and RGB are read');
  if (count !== 1 && count !== 3) {
    throw unsupported(name, `a JPEG with ${count} colours; 1 and 3 are read`);
  }
  return Array.from({ length: count }, (_, index) => {
    const [id = 0, factors = 0] = content.subarray(6 + 3 * index);
    const [across, down] = [factors >> 4, factors & 15];
    if (across < 1 || across > 4 || down < 1 || down > 4) {
      throw corrupt(name, `a colour is sampled ${across} × ${down}`);
    }
    return { id, across, down };
  });
}

/** An `unsupported_file` error about a JPEG stream, which is a file of its own or part of a TIFF. */
export function unsupported(name: string, what: string): KnownError {
  const remedy = 'Save it as PNG, or as TIFF without JPEG compression.';
  return new KnownError('unsupported_file', `"${name}" contains ${what}. ${remedy}`);
}
