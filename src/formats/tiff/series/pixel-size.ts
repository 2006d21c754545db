import type { PixelSize } from '../../image-description.ts';
import { TAG } from '../tags.ts';
import { imageJValues, isImageJ } from './imagej.ts';
import { toMicrons } from './micrometres.ts';
import type { Pages } from './series.ts';

/** The largest pixel of a microscope. Larger ones are those of printers: 72 to 1200 dots an inch. */
const LARGEST_MICRONS = 20;

/**
 * The size of a pixel by the tags for resolution: in the unit that ImageJ's description names, or in
 * centimetres or inches.
 */
export function taggedPixelSize({ main, view, description }: Pages): PixelSize | undefined {
  const { tags } = main[0];
  const perX = view.rational(tags.field(TAG.xResolution));
  const perY = view.rational(tags.field(TAG.yResolution));
  if (perX === undefined || perY === undefined || perX <= 0 || perY <= 0) return undefined;
  if (isImageJ(description)) return imageJPixelSize(description, 1 / perX, 1 / perY);
  const unit = { 2: 'inch', 3: 'cm' }[tags.number(TAG.resolutionUnit, 2)] ?? '';
  const [x, y] = [toMicrons(1 / perX, unit), toMicrons(1 / perY, unit)];
  if (x === undefined || y === undefined || Math.max(x, y) > LARGEST_MICRONS) return undefined;
  return { x, y };
}

function imageJPixelSize(
  description: string,
  width: number,
  height: number,
): PixelSize | undefined {
  const values = imageJValues(description);
  const unit = values.get('unit') ?? '';
  const [x, y] = [toMicrons(width, unit), toMicrons(height, values.get('yunit') ?? unit)];
  if (x === undefined || y === undefined) return undefined;
  const z = toMicrons(Number(values.get('spacing')), values.get('zunit') ?? unit);
  return z === undefined ? { x, y } : { x, y, z };
}
