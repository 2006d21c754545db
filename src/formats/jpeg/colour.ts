import type { JpegFrame } from './frame.ts';
import { MARKER } from './marker.ts';
import type { JpegSegment } from './segments.ts';

/** How the samples of a JPEG stream stand for colours. Samples of `rgb` and `grey` are the values as stored. */
export type JpegColour = 'grey' | 'ycbcr' | 'rgb';

const RGB_IDS = [0x52, 0x47, 0x42];

/**
 * What libjpeg takes the samples for: a JFIF marker means YCbCr; else Adobe's marker says; else components
 * that are named R, G and B are RGB, and others YCbCr. Lossless samples are RGB unless a marker says
 * otherwise.
 */
export function storedColour(frame: JpegFrame, segments: readonly JpegSegment[]): JpegColour {
  if (frame.components.length === 1) return 'grey';
  if (segments.some(isJfif)) return 'ycbcr';
  const adobe = segments.findLast(isAdobe);
  if (adobe !== undefined) return adobe.content[11] === 0 ? 'rgb' : 'ycbcr';
  const named = frame.components.every(({ id }, index) => id === RGB_IDS[index]);
  return named || frame.lossless ? 'rgb' : 'ycbcr';
}

/** Adobe's marker (Adobe Technical Note 5116): makes libjpeg take the samples for this colour. */
export function adobeMarker(colour: JpegColour): Uint8Array {
  const transform = colour === 'ycbcr' ? 1 : 0;
  const head = Uint8Array.of(0xff, MARKER.application14, 0, 14);
  return Buffer.concat([head, Buffer.from('Adobe\0\x64\0\0\0\0'), Uint8Array.of(transform)]);
}

function isJfif({ marker, content }: JpegSegment): boolean {
  return marker === MARKER.application0 && content.length >= 14 && startsWith(content, 'JFIF\0');
}

function isAdobe({ marker, content }: JpegSegment): boolean {
  return marker === MARKER.application14 && content.length >= 12 && startsWith(content, 'Adobe');
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;
}
