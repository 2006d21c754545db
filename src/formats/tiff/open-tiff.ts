import type { ImageDescription } from '../image-description.ts';
import { readTiffHeader } from './header.ts';
import { sampleKind } from './page-form.ts';
import { findPages } from './series/pages.ts';
import { chooseSeries } from './series/choose-series.ts';
import type { Series } from './series/series.ts';
import type { TiffView } from './tiff-view.ts';

/** What a file holds: the planes to read, and what they make. */
export interface OpenTiff {
  readonly view: TiffView;
  readonly series: Series;
  readonly description: ImageDescription;
}

/**
 * Reads all of a TIFF or BigTIFF file but the pixels. The array is that of tifffile's `imread`: rows
 * and columns, with the axes of the pages before them and the samples of a pixel after them, or
 * before them if they are stored plane by plane. Throws `corrupt_image` or `unsupported_file`.
 */
export function openTiff(bytes: Uint8Array, name: string): OpenTiff {
  const header = readTiffHeader(bytes, name);
  const pages = findPages(header);
  const series = chooseSeries(pages);
  const { form } = [...series.used][0] ?? pages.main[0];
  const { shape, axes, axesFrom, misfit, channelNames = [], pixelSize } = series;
  const description: ImageDescription = {
    shape,
    axes,
    axesFrom,
    ...(misfit !== undefined && { misfit }),
    channelNames,
    ...(pixelSize && { pixelSize }),
    sampleType: sampleType(sampleKind(form, name), form.bits),
    notes: [...brokenOff(header), ...(series.notes ?? [])],
  };
  return { view: pages.view, series, description };
}

function brokenOff({ brokenOff: how, directories }: ReturnType<typeof readTiffHeader>): string[] {
  if (how === undefined) return [];
  return [`The chain of pages ${how} after page ${directories.length}; the pages before are read.`];
}

function sampleType(kind: ReturnType<typeof sampleKind>, bits: number): string {
  return `${{ unsigned: 'uint', signed: 'int', float: 'float' }[kind]}${bits}`;
}
