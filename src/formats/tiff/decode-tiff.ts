import { sharedFloat32, sizeOf } from '../../imaging/array.ts';
import { corrupt } from '../corrupt-image.ts';
import { UNCOMPRESSED } from './compression.ts';
import { type SizeLimits, checkImageSize, tooLarge } from '../image-limits.ts';
import { jpegBudget } from '../jpeg/plain-stream.ts';
import { decodePage } from './decode-page.ts';
import { type OpenTiff, openTiff } from './open-tiff.ts';
import { type PageLayout, pageLayout } from './layout.ts';
import { sameForm } from './page-form.ts';
import { boxBytes } from './segment-form.ts';
import { followingLayout } from './series/following-planes.ts';
import type { Page, Series } from './series/series.ts';
import type { SegmentTable } from './segment-table.ts';
import type { TiffView } from './tiff-view.ts';

/** The array of a TIFF file, and the planes of it that the file does not hold, by their numbers. */
interface TiffPixels extends Pick<OpenTiff, 'description'> {
  readonly data: Float32Array;
  readonly missing: readonly number[];
}

/** More planes than anybody has; their layouts are looked at one by one. */
const MOST_PLANES = 2 ** 20;

/**
 * Reads the pixels of a TIFF or BigTIFF file as float32 in shared memory, of the shape that
 * `openTiff` tells. A value that float32 cannot hold is rounded; a plane that is not in the file is
 * zeros. Throws `corrupt_image`, `unsupported_file` or `image_too_large`.
 */
export function decodeTiff(bytes: Uint8Array, name: string, limits: SizeLimits): TiffPixels {
  const { view, series, description } = openTiff(bytes, name);
  checkImageSize(name, description, { limits, fileBytes: bytes.length });
  if (series.planes > MOST_PLANES) {
    throw tooLarge(`"${name}" has ${series.planes} planes; at most ${MOST_PLANES} are read.`);
  }
  checkAbsent(series, name);
  checkLayouts(series, view);
  const data = sharedFloat32(sizeOf(description.shape));
  const planeSize = data.length / series.planes;
  const missing: number[] = [];
  const damaged: number[] = [];
  const budget = jpegBudget();
  for (const { layout, index } of layoutsOf(series)) {
    const out = data.subarray(index * planeSize, (index + 1) * planeSize);
    if (layout === undefined) missing.push(index);
    else if (!decodePage(layout, { view, out, budget })) damaged.push(index);
  }
  const notes = [...description.notes, ...damageNotes(damaged, series.planes)];
  return { description: { ...description, notes }, data, missing };
}

/** A file that was broken off, or is one of a set, lacks planes; but of almost all of them it is no image. */
const ALWAYS_ABSENT = 4096;
/** Planes that may be absent besides, for each that is there. */
const ABSENT_FOR_EACH = 64;

function checkAbsent({ planes, absent = 0 }: Series, name: string): void {
  const found = planes - absent;
  if (absent <= ALWAYS_ABSENT + ABSENT_FOR_EACH * found) return;
  throw corrupt(name, `it holds ${found} of the ${planes} planes that it tells of`);
}

function damageNotes({ length }: readonly number[], planes: number): string[] {
  if (length === 0) return [];
  const where = planes === 1 ? '' : ` of ${length} of its ${planes} planes`;
  return [`The JPEG data${where} are damaged: some values may be wrong.`];
}

interface Placed {
  readonly index: number;
  /** Undefined if the file does not hold the plane. */
  readonly layout: PageLayout | undefined;
}

/** How the planes of a series are stored, one by one. */
function* layoutsOf({ planes, planeAt }: Series): Generator<Placed> {
  let page: Page | undefined;
  let own: PageLayout | undefined;
  for (let index = 0; index < planes; index++) {
    const plane = planeAt(index);
    if (plane !== undefined && (own === undefined || plane.page !== page)) {
      page = plane.page;
      own = pageLayout(page.tags, page.form);
    }
    const layout = plane && own && followingLayout(own, plane);
    yield { index, layout };
  }
}

/** Bytes that tiles may hold besides the image, in all. */
const SPARE_BYTES = 64 * 2 ** 20;
/** Compressed segments that a file of any size may have. */
export const ALWAYS_SEGMENTS = 2 ** 13;
/** Bytes of the file for each further one. */
export const BYTES_PER_SEGMENT = 64;

/**
 * Refuses, before anything is expanded: segments outside of the file, planes that make no array,
 * tables of segments, or segments, that lie in each other, so that one serves for many times its
 * size, more compressed segments than a file of its size can have, and tiles that hold much more
 * than the image.
 */
function checkLayouts(series: Series, { bytes, name }: TiffView): void {
  const most = ALWAYS_SEGMENTS + bytes.length / BYTES_PER_SEGMENT;
  let first: PageLayout | undefined;
  let [tables, expanded, image, packed, segments] = [0, 0, 0, 0, 0];
  for (const { layout } of layoutsOf(series)) {
    if (layout === undefined) continue;
    first ??= layout;
    if (!sameForm(layout, first)) throw corrupt(name, 'its planes are of different sizes or types');
    const { table, compression } = layout;
    tables += table.tableBytes;
    expanded += table.count * boxBytes(layout.segment, layout);
    image += boxBytes(layout, { ...layout, planar: false });
    if (tables > bytes.length)
      throw corrupt(name, 'its pages share their lists of strips or tiles');
    if (expanded > 4 * image + SPARE_BYTES)
      throw corrupt(name, 'its tiles are much larger than the image');
    const stored = storedBytes(table);
    if (compression === UNCOMPRESSED) continue;
    packed += stored;
    segments += table.count;
    if (packed > 2 * bytes.length) throw corrupt(name, 'its strips or tiles share their bytes');
    if (segments > most) throw tooLarge(tooManySegments(name, bytes.length));
  }
}

/** Bytes of the segments. Throws if one leaves the file. */
function storedBytes({ count, place }: SegmentTable): number {
  let bytes = 0;
  for (let index = 0; index < count; index++) {
    const { start, end } = place(index) ?? { start: 0, end: 0 };
    bytes += end - start;
  }
  return bytes;
}

function tooManySegments(name: string, bytes: number): string {
  const most = Math.floor(ALWAYS_SEGMENTS + bytes / BYTES_PER_SEGMENT);
  return (
    `"${name}" has more than ${most} compressed strips or tiles, the most that are read of ` +
    `${bytes} bytes. Save it with larger ones, or without compression.`
  );
}
