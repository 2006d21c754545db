import { corrupt } from '../corrupt-image.ts';
import { decodeJpeg, jpegFrame } from '../jpeg/decode-jpeg.ts';
import type { JpegColour } from '../jpeg/colour.ts';
import type { JpegBudget } from '../jpeg/plain-stream.ts';
import type { PageLayout } from './layout.ts';
import { PHOTOMETRIC } from './tags.ts';

/** The samples of a segment that is a JPEG stream. */
interface JpegSamples {
  /** uint8 `[row, column, sample]`, in memory that the next call overwrites. */
  readonly samples: Uint8Array;
  /** True if the data are damaged and libjpeg made the best of them. */
  readonly damaged: boolean;
}

/**
 * Reads a strip or tile that is a JPEG stream, whose tables may stand in a tag of the page (TIFF
 * Technical Note 2). Colours become RGB, as with tifffile: of photometric YCbCr, and of RGB if the
 * stream has the mark of JFIF; without it RGB is stored as such (Aperio). Throws `corrupt_image` or
 * `unsupported_file`.
 */
export function decodeJpegSegment(
  stream: Uint8Array,
  page: PageLayout,
  {
    rows,
    name,
    budget,
  }: { readonly rows: number; readonly name: string; readonly budget: JpegBudget },
): JpegSamples {
  const { segment, planar, samples, jpegTables } = page;
  const channels = planar ? 1 : samples;
  const { width, height, components } = jpegFrame(stream, name);
  const fits = width === segment.width && height >= rows && height <= segment.height;
  if (!fits || components.length !== channels) {
    throw corrupt(
      name,
      `a strip or tile of ${rows} × ${segment.width} pixels of ${channels} samples holds a JPEG ` +
        `of ${height} × ${width} of ${components.length}`,
    );
  }
  const colour = colourOf(stream, page);
  const source = { bytes: stream, name, tables: jpegTables, colour, budget };
  const { data, damaged } = decodeJpeg(source);
  return { samples: data, damaged };
}

/** Undefined: what the stream itself says. */
function colourOf(stream: Uint8Array, page: PageLayout): JpegColour | undefined {
  if (page.planar || page.samples === 1) return 'grey';
  if (page.photometric === PHOTOMETRIC.yCbCr) return 'ycbcr';
  const isJfif = Buffer.from(stream.subarray(6, 10)).toString('latin1') === 'JFIF';
  return page.photometric === PHOTOMETRIC.rgb && isJfif ? undefined : 'rgb';
}
