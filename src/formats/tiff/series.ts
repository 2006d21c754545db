import { sizeOf } from '../../imaging/array.ts';

/**
 * The shape of the array that equal pages make, as tifffile gives it: what the description of the first page says if it fits
 * the pages, else the pages one after the other.
 */
export function seriesShape(description: string, pages: number, page: readonly number[]): number[] {
  const size = pages * sizeOf(page);
  const told =
    shapeOfJson(description) ?? shapeOfImageJ(description, page) ?? shapeOfOme(description, page);
  if (told !== undefined && sizeOf(told) === size) return told;
  return pages === 1 ? [...page] : [pages, ...page];
}

/** tifffile writes `{"shape": [2, 512, 512]}`. */
function shapeOfJson(description: string): number[] | undefined {
  const [, list] = /^\{.*"shape": \[([\d, ]+)\]/.exec(description) ?? [];
  return list?.split(',').map(Number);
}

/** ImageJ writes `frames=5`, `slices=3`, `channels=2`; its axes are frame, slice, channel. */
function shapeOfImageJ(description: string, page: readonly number[]): number[] | undefined {
  if (!description.startsWith('ImageJ=')) return undefined;
  const count = (name: string): number =>
    Number(new RegExp(`^${name}=(\\d+)`, 'm').exec(description)?.[1] ?? 1);
  return withPages(['frames', 'slices', 'channels'].map(count), page);
}

/** OME-XML names the axes from the fastest: XYCZT has the frames outermost. */
function shapeOfOme(description: string, page: readonly number[]): number[] | undefined {
  const [, order] = /<OME[^>]*>.*?DimensionOrder="XY([CZT]{3})"/s.exec(description) ?? [];
  if (order === undefined) return undefined;
  const size = (axis: string): number =>
    Number(new RegExp(`Size${axis}="(\\d+)"`).exec(description)?.[1] ?? 1);
  return withPages(order.split('').reverse().map(size), page);
}

/** Axes of length 1 are dropped. */
function withPages(axes: readonly number[], page: readonly number[]): number[] {
  return [...axes.filter((length) => length > 1), ...page];
}
