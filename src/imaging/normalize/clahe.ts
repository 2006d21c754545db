import { blendRegions } from './blend-regions.ts';
import { regionAxis, regionMappings } from './contextual-regions.ts';
import { greyBins, wholeBins } from './grey-levels.ts';
import type { ChannelPlane, Range } from '../planes.ts';
import { withScratch } from '../scratch.ts';
import type { WholeValues } from './whole-values.ts';

/*
 * Contrast limited adaptive histogram equalisation: K. Zuiderveld, "Contrast Limited Adaptive
 * Histogram Equalization", Graphics Gems IV (1994), with the grey levels, the clipping and the
 * rounding of scikit-image's `equalize_adapthist`.
 */

interface PlaneValues {
  readonly plane: ChannelPlane;
  /** What is stretched to the grey levels; greater values count as the greatest. */
  readonly range: Range;
  /** The plane, if it holds whole numbers; they may stand where the levels go. */
  readonly whole?: WholeValues;
}

/**
 * The grey levels of a plane with its contrast evened out region by region, cut off to whole numbers, in
 * `levels`. Regions have `kernelSize` rows and columns; null: an eighth of the plane's. Returns the range of
 * the levels.
 */
export function equalisedLevels(
  { plane, range, whole }: PlaneValues,
  kernelSize: number | null,
  levels: Uint16Array,
): Range {
  const { rows, columns } = plane;
  return withScratch((scratch) => {
    const bins = scratch.bytes(rows * columns);
    if (whole) wholeBins(whole.values, range, bins);
    else greyBins(plane, range, bins);
    const down = regionAxis(rows, kernelSize);
    const across = regionAxis(columns, kernelSize);
    const mappings = regionMappings(bins, plane, { down, across });
    return blendRegions(bins, mappings, { grid: { down, across }, size: plane }, levels);
  });
}
