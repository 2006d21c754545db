import { KnownError } from '../../errors.ts';
import { type Scratch, withScratch } from '../../imaging/scratch.ts';
import { corrupt } from '../corrupt-image.ts';
import { COMPRESSIONS, JPEG } from './compression.ts';
import { decodeJpegSegment } from './jpeg-segment.ts';
import type { JpegBudget } from '../jpeg/plain-stream.ts';
import type { PageLayout } from './layout.ts';
import { type Samples, readSamples } from './samples.ts';
import { boxBytes } from './segment-form.ts';
import type { TiffView } from './tiff-view.ts';

interface Target {
  readonly view: TiffView;
  /** Where the page's array goes, all zeros: see `pageAxes` for its shape. */
  readonly out: Float32Array;
  /** What JPEG streams of the file may still cost. */
  readonly budget: JpegBudget;
}

/**
 * Reads the pixels of a page. Gives false if some are damaged and may be wrong. Throws
 * `corrupt_image`, or `unsupported_file` for some JPEG.
 */
export function decodePage(page: PageLayout, target: Target): boolean {
  let good = true;
  for (let index = 0; index < page.table.count; index++) {
    good = placeSegment(page, index, target) && good;
  }
  return good;
}

/** Where a segment stands in its page. */
interface Place {
  /** The sample whose plane it belongs to; 0 if the samples of a pixel stand together. */
  readonly plane: number;
  readonly column: number;
  readonly row: number;
  readonly slice: number;
}

function placeOf({ grid, segment }: PageLayout, index: number): Place {
  const across = index % grid.width;
  const line = Math.floor(index / grid.width);
  const down = line % grid.height;
  const layer = Math.floor(line / grid.height);
  return {
    plane: Math.floor(layer / grid.depth),
    column: across * segment.width,
    row: down * segment.height,
    slice: (layer % grid.depth) * segment.depth,
  };
}

/** Samples of a segment that belong to the page, row by row. */
interface Cut {
  readonly start: number;
  /** Samples from a row of the page to the next, and how many of them the segment has. */
  readonly pageRow: number;
  readonly used: number;
  readonly rows: number;
  readonly slices: number;
  /** Samples from a slice of the page to the next. */
  readonly pageSlice: number;
  /** Samples in a row and in a slice of the segment. */
  readonly perRow: number;
  readonly perSlice: number;
}

function cutOf(page: PageLayout, { plane, column, row, slice }: Place): Cut {
  const { width, height, depth, segment, planar, samples, tiled } = page;
  const stride = planar ? 1 : samples;
  const pageRow = width * stride;
  const pageSlice = height * pageRow;
  const segmentRows = tiled ? segment.height : Math.min(segment.height, height - row);
  const perRow = segment.width * stride;
  return {
    start: (plane * depth + slice) * pageSlice + row * pageRow + column * stride,
    pageRow,
    pageSlice,
    used: Math.min(segment.width, width - column) * stride,
    rows: Math.min(segment.height, height - row),
    slices: Math.min(segment.depth, depth - slice),
    perRow,
    perSlice: perRow * segmentRows,
  };
}

/** Gives false if pixels are damaged. */
function placeSegment(page: PageLayout, index: number, target: Target): boolean {
  const { view, out } = target;
  const cut = cutOf(page, placeOf(page, index));
  const place = page.table.place(index);
  if (place === undefined) {
    fillSegment(cut, page.fill, out);
    return true;
  }
  const packed = view.bytes.subarray(place.start, place.end);
  if (page.compression === JPEG) {
    const { samples, damaged } = decodeJpegSegment(packed, page, {
      rows: cut.rows,
      name: view.name,
      budget: target.budget,
    });
    putSegment(cut, samples, target);
    return !damaged;
  }
  withScratch((scratch) => {
    putSegment(cut, samplesOf(packed, page, { cut, ...target, scratch }), target);
  });
  return true;
}

interface Reading extends Target {
  readonly cut: Cut;
  readonly scratch: Scratch;
}

function samplesOf(packed: Uint8Array, page: PageLayout, reading: Reading): Samples {
  const { cut, scratch } = reading;
  const { name, littleEndian } = reading.view;
  const rows = (cut.perSlice / cut.perRow) * page.segment.depth;
  const size = boxBytes({ width: page.segment.width, height: rows, depth: 1 }, page);
  const stored = page.reversed ? reverseBits(packed, scratch) : packed;
  // Some writers fill the last strip up to the height of the others.
  const expanded = expand(stored, page, { size: boxBytes(page.segment, page), name, scratch });
  const bytes = expanded.length > size ? expanded.subarray(0, size) : expanded;
  const stride = page.planar ? 1 : page.samples;
  return readSamples(bytes, page, { rows, perRow: cut.perRow, stride, littleEndian }, scratch);
}

function expand(
  packed: Uint8Array,
  { compression }: PageLayout,
  {
    size,
    name,
    scratch,
  }: { readonly size: number; readonly name: string; readonly scratch: Scratch },
): Uint8Array {
  try {
    return COMPRESSIONS.get(compression)?.(packed, size, scratch) ?? packed;
  } catch (cause) {
    if (cause instanceof KnownError) throw cause;
    throw corrupt(name, 'a strip or tile cannot be expanded', cause);
  }
}

function putSegment(cut: Cut, samples: Samples, { out, view }: Target): void {
  const { start, pageRow, pageSlice, used, rows, slices, perRow, perSlice } = cut;
  if (samples.length < (slices - 1) * perSlice + (rows - 1) * perRow + used)
    throw corrupt(view.name, 'a strip or tile is too short');
  for (let slice = 0; slice < slices; slice++) {
    const from = slice * perSlice;
    const to = start + slice * pageSlice;
    if (used === pageRow && perRow === used) {
      out.set(samples.subarray(from, from + rows * perRow), to);
      continue;
    }
    for (let row = 0; row < rows; row++) {
      const line = samples.subarray(from + row * perRow, from + row * perRow + used);
      out.set(line, to + row * pageRow);
    }
  }
}

function fillSegment(
  { start, pageRow, pageSlice, used, rows, slices }: Cut,
  value: number,
  out: Float32Array,
): void {
  if (value === 0) return;
  for (let slice = 0; slice < slices; slice++) {
    for (let row = 0; row < rows; row++) {
      const at = start + slice * pageSlice + row * pageRow;
      out.fill(value, at, at + used);
    }
  }
}

const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2),
);

function reverseBits(bytes: Uint8Array, scratch: Scratch): Uint8Array {
  const out = scratch.bytes(bytes.length);
  for (let at = 0; at < bytes.length; at++) out[at] = REVERSED[bytes[at]];
  return out;
}
