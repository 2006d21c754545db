import { corrupt } from '../corrupt-image.ts';
import { MARKER, isKnown, isMetadata, isRestart, standsAlone } from './marker.ts';

/** A marker segment. */
export interface JpegSegment {
  readonly marker: number;
  /** From the marker to the end of the segment; of a scan, to the end of its compressed data. */
  readonly bytes: Uint8Array;
  /** What follows the marker and the length. */
  readonly content: Uint8Array;
}

/**
 * The marker segments of the first image of a JPEG stream, in order, without metadata. The last is the end of
 * the image, unless the stream stops before it. Fill bytes and stray bytes between segments are skipped, as
 * libjpeg does. Throws `corrupt_image`.
 */
export function* jpegSegments(stream: Uint8Array, name: string): Generator<JpegSegment> {
  let at = nextMarker(stream, 2);
  while (at < stream.length) {
    const marker = stream[at];
    if (marker === MARKER.startOfImage) throw corrupt(name, 'a second image begins inside it');
    if (!isKnown(marker)) throw corrupt(name, `it has the unknown marker ff${hex(marker)}`);
    const alone = standsAlone(marker) || marker === MARKER.endOfImage;
    const end = alone ? at + 1 : segmentEnd(stream, at, name);
    const next = marker === MARKER.scan ? scanEnd(stream, end) : end;
    if (!standsAlone(marker) && !isMetadata(marker)) {
      const content = stream.subarray(alone ? end : at + 3, end);
      yield { marker, bytes: stream.subarray(at - 1, next), content };
    }
    if (marker === MARKER.endOfImage) return;
    at = nextMarker(stream, next);
  }
}

/** The place of the second byte of the next marker, or the end of the stream. */
function nextMarker(stream: Uint8Array, from: number): number {
  let at = stream.indexOf(0xff, from);
  while (at >= 0 && at + 1 < stream.length) {
    const byte = stream[at + 1];
    if (byte !== 0 && byte !== 0xff) return at + 1;
    at = stream.indexOf(0xff, at + 1);
  }
  return stream.length;
}

/** Where the compressed data of a scan ends: at the next marker that is not a restart. */
function scanEnd(stream: Uint8Array, from: number): number {
  let at = nextMarker(stream, from);
  while (at < stream.length && isRestart(stream[at])) at = nextMarker(stream, at + 1);
  return at < stream.length ? at - 1 : at;
}

function segmentEnd(stream: Uint8Array, at: number, name: string): number {
  const length = ((stream[at + 1] ?? 0) << 8) | (stream[at + 2] ?? 0);
  const end = at + 1 + length;
  if (length < 2 || end > stream.length) throw corrupt(name, 'a segment is longer than the file');
  return end;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
