import { corrupt } from '../corrupt-image.ts';
import { UNCOMPRESSED } from './compression.ts';
import type { PageTags } from './page-form.ts';
import { type SegmentForm, boxBytes } from './segment-form.ts';
import { TAG } from './tags.ts';
import { type Field, valueBytes } from './tiff-view.ts';

/** Where the strips or tiles of a page lie. */
export interface SegmentTable {
  readonly count: number;
  /** Bytes of the file that say so, apart from the directory itself. */
  readonly tableBytes: number;
  /** Where a segment lies; undefined if it is not stored. Throws if it leaves the file. */
  readonly place: (index: number) => Place | undefined;
}

/** Bytes from `start` up to `end`. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A page whose segments are looked for. */
interface Segmented extends SegmentForm {
  readonly height: number;
  readonly compression: number;
}

/**
 * The table of a page of `count` segments; its numbers are read as they are asked for. A segment at
 * offset 0, or of 0 bytes, is not stored (GDAL, Philips, Aperio). Where strips have no byte counts,
 * or counts of 0 from the first on, as old writers left them, each goes as far as its pixels need,
 * or to the next one if it is compressed: libtiff does the same.
 */
export function segmentTable(tags: PageTags, page: Segmented, count: number): SegmentTable {
  const { view } = tags;
  const offsets = tags.field(page.tiled ? TAG.tileOffsets : TAG.stripOffsets);
  if (offsets === undefined || offsets.count < count) {
    const found = offsets?.count ?? 0;
    throw corrupt(view.name, `it has ${found} strips or tiles where ${count} belong`);
  }
  const counts = byteCounts(tags, page, { offsets, count });
  const endOf = (index: number, start: number): number => {
    if (page.compression === UNCOMPRESSED) return start + plainBytes(page, index);
    const next = index + 1 < count ? view.number(offsets, index + 1) : 0;
    return next > start ? next : view.bytes.length;
  };
  const place = (index: number): Place | undefined => {
    const start = view.number(offsets, index);
    const told = counts && view.number(counts, index);
    if (start === 0 || told === 0) return undefined;
    const end = told === undefined ? endOf(index, start) : start + told;
    if (end > view.bytes.length || start >= end) throw corrupt(view.name, 'it ends too early');
    return { start, end };
  };
  return { count, tableBytes: outside(offsets, count) + outside(counts, count), place };
}

/** The table of segments of one size that follow each other, uncompressed. */
export function plainTable(
  { view }: PageTags,
  { start, size, count }: { readonly start: number; readonly size: number; readonly count: number },
): SegmentTable {
  const place = (index: number): Place => {
    const from = start + index * size;
    if (from + size > view.bytes.length) throw corrupt(view.name, 'it ends too early');
    return { start: from, end: from + size };
  };
  return { count, tableBytes: 0, place };
}

/** The tag of the byte counts, if they are to be believed. */
function byteCounts(
  { view, field }: PageTags,
  { tiled }: Segmented,
  { offsets, count }: { readonly offsets: Field; readonly count: number },
): Field | undefined {
  const counts = field(tiled ? TAG.tileByteCounts : TAG.stripByteCounts);
  if (counts === undefined || counts.count < count) return undefined;
  const isOld = !tiled && view.number(counts, 0) === 0 && view.number(offsets, 0) !== 0;
  return isOld ? undefined : counts;
}

/** Bytes of the pixels of a segment. */
function plainBytes(page: Segmented, index: number): number {
  const { tiled, segment, grid, height } = page;
  if (tiled) return boxBytes(segment, page);
  const above = (index % grid.height) * segment.height;
  return boxBytes({ ...segment, height: Math.min(segment.height, height - above) }, page);
}

/** Bytes of the values of a field that do not stand in its entry, one at most. */
function outside(field: Field | undefined, count: number): number {
  return field === undefined || count <= 1 ? 0 : count * valueBytes(field);
}
