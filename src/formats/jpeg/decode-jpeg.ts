import { corrupt } from '../corrupt-image.ts';
import { type JpegFrame, findFrame, unsupported } from './frame.ts';
import { type Outcome, decodeWithLibjpeg } from './libjpeg-turbo.ts';
import { type JpegSource, plainStream } from './plain-stream.ts';
import { jpegSegments } from './segments.ts';

/** The samples of a JPEG image. */
export interface JpegImage {
  readonly width: number;
  readonly height: number;
  /** 1 or 3. */
  readonly channels: number;
  /**
   * uint8 `[row, column, channel]`: grey, RGB, or what a caller that gave `colour: 'rgb'` has stored. In
   * memory that the next call overwrites.
   */
  readonly data: Uint8Array;
  /** True if libjpeg found the data damaged and made the best of it. */
  readonly damaged: boolean;
}

/** True if the bytes begin as a JPEG stream does. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** Reads no more than the segments before the frame header. Throws as `decodeJpeg`. */
export function jpegFrame(bytes: Uint8Array, name: string): JpegFrame {
  return findFrame(jpegSegments(bytes, name), name);
}

/**
 * Decodes the first image of a JPEG stream, with the values that libjpeg-turbo gives, and so Pillow. A stream
 * that stops early is refused, as Pillow does; damaged data of one that has its end are read, as far as
 * libjpeg reads them.
 *
 * Synchronous; the library is loaded with the first call on a thread. The caller has checked the size of the image.
 * Throws `corrupt_image` or `unsupported_file`.
 */
export function decodeJpeg(source: JpegSource): JpegImage {
  const { frame, pieces, ended, scans } = plainStream(source);
  const { outcome, data } = decodeWithLibjpeg(pieces);
  const { width, height, components } = frame;
  checkOutcome(outcome, frame, source.name);
  const channels = components.length;
  // Of one scan, libjpeg says if data are missing; after one, further scans may be missing.
  if (!ended && (outcome === 'damaged' || scans > 1)) {
    throw corrupt(source.name, 'it ends too early');
  }
  if (data.length !== width * height * channels) {
    throw corrupt(source.name, `it expands to ${data.length} values`);
  }
  return { width, height, channels, data, damaged: outcome === 'damaged' };
}

function checkOutcome(outcome: Outcome, { components }: JpegFrame, name: string): void {
  if (outcome === 'refused') throw corrupt(name, 'its pixels cannot be read');
  if (outcome === 'unnamed sampling') {
    const factors = components.map(({ across, down }) => `${across} × ${down}`).join(', ');
    throw unsupported(name, `a JPEG whose colours are sampled ${factors}, which is not read`);
  }
}
