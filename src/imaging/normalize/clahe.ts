import { blendRegions } from './blend-regions.ts';
import { regionAxis, regionMappings } from './contextual-regions.ts';
import { greyBins, stretchLevels } from './grey-levels.ts';
import type { ChannelPlane, Range } from '../planes.ts';
import { withScratch } from '../scratch.ts';

/*
 * Contrast limited adaptive histogram equalisation: K. Zuiderveld, "Contrast Limited Adaptive
 * Histogram Equalization", Graphics Gems IV (1994), with the grey levels, the clipping and the
 * rounding of scikit-image's `equalize_adapthist`.
 */

interface Equalisation {
  /** What is stretched to the grey levels; greater values count as the greatest. */
  readonly range: Range;
  /** Rows and columns of a contextual region; null: an eighth of the plane's. */
  readonly kernelSize: number | null;
}

/** Writes a plane with its contrast evened out region by region: float32, range exactly 0 to 1. */
export function equalisePlane(from: ChannelPlane, to: ChannelPlane, how: Equalisation): void {
  const { rows, columns } = from;
  withScratch((scratch) => {
    const bins = scratch.bytes(rows * columns);
    greyBins(from, how.range, bins);
    const down = regionAxis(rows, how.kernelSize);
    const across = regionAxis(columns, how.kernelSize);
    const mappings = regionMappings(bins, from, { down, across });
    const levels = scratch.uint16(rows * columns);
    const around = { grid: { down, across }, size: from };
    stretchLevels(levels, blendRegions(bins, mappings, around, levels), to);
  });
}
