import { KnownError } from '../../errors.ts';
import type { StageContext } from '../../flow/stage.ts';
import type { PixelSize } from '../../formats/image-description.ts';
import type { Image } from '../../imaging/array.ts';
import type { ModelName } from '../../ports.ts';
import { detectScale } from '../predict/detect.ts';
import { field } from './read-fields.ts';

export interface ScaleSettings {
  readonly minScale: number | undefined;
  readonly maxScale: number;
  readonly scaleDetectEnabled: boolean;
  readonly scaleDetectModel: ModelName;
  /** Whether the pixel size that a file names decides where the job says nothing. */
  readonly pixelSizeFromFile: boolean;
}

/** What is known of the pixels of an image. */
interface Pixels {
  /** As the file says. */
  readonly pixelSize: PixelSize | undefined;
  /** Of the pixels that the model was trained with; undefined if nobody knows. */
  readonly micronsPerPixel: number | undefined;
  /** One channel of the image. */
  readonly channel: () => Promise<Image>;
}

/**
 * How many times larger the pixels of the image are than those that the model was trained with: what the job
 * says, as `scale` or as `pixel_size` in µm; else what the file says or what the scale model finds in one
 * channel of it, if that is enabled; else 1. What the job does not say as `scale` is noted in its hash.
 */
export async function readScale(
  pixels: Pixels,
  settings: ScaleSettings,
  context: StageContext,
): Promise<number> {
  const given = givenScale(settings, context);
  if (given !== undefined) return given;
  const scale =
    scaleByPixelSize(pixels, settings, context) ?? (await foundScale(pixels, settings, context));
  context.note({ scale });
  return scale;
}

function givenScale(settings: ScaleSettings, { job }: StageContext): number | undefined {
  const text = field(job, 'scale');
  if (text === undefined) return undefined;
  const [min, max] = rangeOf(settings);
  const scale = Number(text);
  if (scale >= min && scale <= max) return scale;
  throw new KnownError(
    'invalid_job',
    `scale is "${text}", but must be a number from ${tidy(min)} to ${tidy(max)}.`,
  );
}

function rangeOf({ minScale, maxScale }: ScaleSettings): [min: number, max: number] {
  return [minScale ?? 1 / maxScale, maxScale];
}

function scaleByPixelSize(
  { pixelSize, micronsPerPixel }: Pixels,
  settings: ScaleSettings,
  { job }: StageContext,
): number | undefined {
  const text = field(job, 'pixel_size');
  const ofFile = settings.pixelSizeFromFile ? squareSize(pixelSize) : undefined;
  const microns = text === undefined ? ofFile : Number(text);
  if (microns === undefined) return undefined;
  if (micronsPerPixel === undefined) {
    if (text === undefined) return undefined;
    const why = 'nobody says for which pixels the model was trained; give scale instead';
    throw new KnownError('invalid_job', `pixel_size is "${text}", but ${why}.`);
  }
  const [min, max] = rangeOf(settings).map((scale) => scale * micronsPerPixel);
  const scale = microns / micronsPerPixel;
  if (min !== undefined && max !== undefined && microns >= min && microns <= max) return scale;
  const who =
    text === undefined
      ? `The file says that its pixels have ${tidy(microns)} µm`
      : `pixel_size is "${text}"`;
  const allowed = `${tidy(min ?? 0)} to ${tidy(max ?? 0)} µm`;
  const remedy = text === undefined ? ' The field pixel_size or scale says what is right.' : '';
  const message = `${who}, but ${allowed} are allowed (MIN_SCALE, MAX_SCALE).${remedy}`;
  throw new KnownError('invalid_job', message);
}

/** Of pixels that are not square there is no one scale. */
const SQUARE = 0.01;

/** The side of the pixels if they are square. */
function squareSize(size: PixelSize | undefined): number | undefined {
  if (size === undefined) return undefined;
  return Math.abs(size.x - size.y) <= SQUARE * size.x ? size.x : undefined;
}

async function foundScale(
  { channel, pixelSize, micronsPerPixel }: Pixels,
  { scaleDetectEnabled, scaleDetectModel }: ScaleSettings,
  context: StageContext,
): Promise<number> {
  if (scaleDetectEnabled) return detectScale(scaleDetectModel, await channel(), context);
  const remark = remarkOn(pixelSize, micronsPerPixel);
  if (remark !== undefined) context.warn(remark);
  return 1;
}

/** From this ratio on, pixels of another size are worth a remark. */
const NOTICEABLE = 1.1;

/** What there is to say where a file names another size of its pixels than the model expects, and nothing obeys it. */
function remarkOn(size: PixelSize | undefined, expected: number | undefined): string | undefined {
  if (size === undefined || expected === undefined) return undefined;
  const ratios = [size.x, size.y].map((side) => Math.max(side / expected, expected / side));
  if (ratios.every((ratio) => ratio < NOTICEABLE)) return undefined;
  const sides = size.x === size.y ? tidy(size.x) : `${tidy(size.y)} × ${tidy(size.x)}`;
  return (
    `The file says that its pixels have ${sides} µm; the image was not resized for the model, ` +
    `which expects ${expected} µm. ` +
    `To resize it give pixel_size=${tidy(size.x)}.`
  );
}

function tidy(value: number): string {
  return String(Number(value.toFixed(6)));
}
