import { type Image, sharedFloat32 } from '../array.ts';
import { brightLimit } from './bright-limit.ts';
import { equalisedLevels } from './clahe.ts';
import { type GreyLevels, stretchLevels } from './grey-levels.ts';
import { type ChannelPlane, type Range, channelPlanes, range } from '../planes.ts';
import { type Scratch, withScratch } from '../scratch.ts';
import { MOST_TOGETHER, rangeOfCounts, wholeValues } from './whole-values.ts';

interface PlaneNormalization {
  /** Rows and columns of a contextual region; null: an eighth of the plane's. */
  readonly kernelSize: number | null;
  /** Values above this percentile of those other than 0 count as it. */
  readonly percentile?: number;
}

/**
 * Cuts off and evens out the contrast of each plane: float32, range exactly 0 to 1. A plane of a single value
 * becomes 0.
 */
export function normalizePlanes(image: Image, how: PlaneNormalization): Image {
  const [, rows = 0, columns = 0, channels = 0] = image.shape;
  const result: Image = { shape: image.shape, data: sharedFloat32(image.data.length) };
  if (rows * columns === 0) return result;
  const planes = channelPlanes(image);
  // A few channels are written together, which touches the result once.
  const together = channels <= MOST_TOGETHER ? channels : 1;
  for (let first = 0; first < planes.length; first += together) {
    withScratch((scratch) => {
      const group = planes.slice(first, first + together);
      const levels = group.map((plane) => levelsOf(plane, how, scratch));
      stretchLevels(levels, { ...group[0], data: result.data });
    });
  }
  return result;
}

/** The grey levels of a plane, in memory of `scratch`; undefined if it has a single value. */
function levelsOf(
  plane: ChannelPlane,
  { kernelSize, percentile }: PlaneNormalization,
  scratch: Scratch,
): GreyLevels | undefined {
  const levels = scratch.uint16(plane.rows * plane.columns);
  const whole = wholeValues(plane, levels, scratch);
  const found = whole ? rangeOfCounts(whole.counts) : range(plane);
  const limit = percentile === undefined ? Infinity : brightLimit(plane, percentile, whole);
  const cut = cutRange(found, limit);
  if (cut.least === cut.greatest) return undefined;
  const values = { plane, range: cut, ...(whole && { whole }) };
  return { levels, range: equalisedLevels(values, kernelSize, levels) };
}

/** A limit of NaN cuts nothing. */
function cutRange({ least, greatest }: Range, limit: number): Range {
  return {
    least: least > limit ? limit : least,
    greatest: greatest > limit ? limit : greatest,
  };
}
