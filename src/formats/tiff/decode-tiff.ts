import { KnownError } from '../../errors.ts';
import { corrupt } from '../corrupt-image.ts';
import { type NdArray, sharedFloat32, sizeOf } from '../../imaging/array.ts';
import { type SizeLimits, checkImageSize } from '../image-limits.ts';
import { COMPRESSIONS } from './compression.ts';
import { TAG, type TiffHeader, readTiffHeader } from './header.ts';
import { type PageLayout, pageLayout, segmentGrid } from './layout.ts';
import { readSamples } from './samples.ts';
import { seriesShape } from './series.ts';

/** The pages of a file that belong together, and the array that they make. */
interface Series {
  readonly header: TiffHeader;
  readonly pages: readonly PageLayout[];
  readonly shape: readonly number[];
}

/** The shape of the array that `decodeTiff` would give, from the header alone. */
export function tiffShape(bytes: Uint8Array, name: string): readonly number[] {
  return readSeries(bytes, name).shape;
}

/**
 * Reads all pages of a TIFF or BigTIFF file as one float32 array in shared memory, of the shape that tifffile's `imread` gives:
 * `[row, column]`, with pages before and samples after them, or before them if the samples are stored plane by plane. A value
 * that float32 cannot hold is rounded. Throws `corrupt_image`, `unsupported_file` or `image_too_large`.
 */
export function decodeTiff(
  bytes: Uint8Array,
  name: string,
  limits: SizeLimits,
): NdArray<Float32Array> {
  const { header, pages, shape } = readSeries(bytes, name);
  checkImageSize(name, shape, limits);
  const data = sharedFloat32(sizeOf(shape));
  const pageSize = data.length / pages.length;
  pages.forEach((page, index) => {
    const out = data.subarray(index * pageSize, (index + 1) * pageSize);
    decodePage(bytes, page, { littleEndian: header.littleEndian, name, out });
  });
  return { shape, data };
}

function readSeries(bytes: Uint8Array, name: string): Series {
  const header = readTiffHeader(bytes, name);
  const full = header.directories.filter(
    ({ numbers }) => ((numbers.get(TAG.newSubfileType)?.[0] ?? 0) & 1) === 0,
  );
  const [first = header.directories[0]] = full;
  const layouts = full.map((directory) => pageLayout(directory, name, bytes.length));
  const [main = pageLayout(first, name, bytes.length)] = layouts;
  const pages = layouts.filter((layout) => sameForm(layout, main));
  const page = pageShape(main);
  return { header, pages, shape: seriesShape(first.description, pages.length, page) };
}

function sameForm(one: PageLayout, other: PageLayout): boolean {
  return (['width', 'height', 'samples', 'bits', 'kind', 'planar'] as const).every(
    (property) => one[property] === other[property],
  );
}

function pageShape({ width, height, samples, planar }: PageLayout): number[] {
  if (samples === 1) return [height, width];
  return planar ? [samples, height, width] : [height, width, samples];
}

interface Target {
  readonly littleEndian: boolean;
  readonly name: string;
  readonly out: Float32Array;
}

function decodePage(bytes: Uint8Array, page: PageLayout, target: Target): void {
  const { across, down } = segmentGrid(page);
  const planes = page.planar ? page.samples : 1;
  for (let plane = 0; plane < planes; plane++) {
    for (let index = 0; index < across * down; index++) {
      const row = Math.floor(index / across) * page.segmentHeight;
      const column = (index % across) * page.segmentWidth;
      placeSegment(bytes, page, {
        ...target,
        plane,
        segment: plane * across * down + index,
        row,
        column,
      });
    }
  }
}

interface Segment extends Target {
  readonly plane: number;
  readonly segment: number;
  readonly row: number;
  readonly column: number;
}

function placeSegment(bytes: Uint8Array, page: PageLayout, segment: Segment): void {
  const { width, height, segmentWidth, segmentHeight } = page;
  const { out, row, column, plane, littleEndian, name } = segment;
  const stride = page.planar ? 1 : page.samples;
  const rows = page.tiled ? segmentHeight : Math.min(segmentHeight, height - row);
  const perRow = segmentWidth * stride;
  const expanded = expandSegment(bytes, page, segment, rows * Math.ceil((perRow * page.bits) / 8));
  const samples = readSamples(expanded, page, { rows, perRow, stride, littleEndian });
  const usedRows = Math.min(rows, height - row);
  const usedPerRow = Math.min(segmentWidth, width - column) * stride;
  if (samples.length < (usedRows - 1) * perRow + usedPerRow)
    throw corrupt(name, 'a strip or tile is too short');
  const start = plane * width * height + (row * width + column) * stride;
  if (usedPerRow === width * stride && perRow === usedPerRow) {
    out.set(samples.subarray(0, usedRows * perRow), start);
    return;
  }
  for (let y = 0; y < usedRows; y++) {
    out.set(samples.subarray(y * perRow, y * perRow + usedPerRow), start + y * width * stride);
  }
}

function expandSegment(
  bytes: Uint8Array,
  page: PageLayout,
  { segment, name }: Segment,
  size: number,
): Uint8Array {
  const offset = page.offsets[segment] ?? 0;
  const packed = bytes.subarray(offset, offset + (page.byteCounts[segment] ?? 0));
  const expand = COMPRESSIONS.get(page.compression);
  try {
    const expanded = expand?.(packed, size) ?? packed;
    // The predictor works in place, and must not write into the file.
    return expanded.buffer === bytes.buffer && page.predictor !== 1
      ? new Uint8Array(expanded)
      : expanded;
  } catch (cause) {
    if (cause instanceof KnownError) throw cause;
    throw corrupt(name, 'a strip or tile cannot be expanded', cause);
  }
}
