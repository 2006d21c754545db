import { KnownError } from '../../errors.ts';
import type { StageContext } from '../../flow/stage.ts';
import type { Image } from '../../imaging/array.ts';
import type { ModelName } from '../../ports.ts';
import { detectScale } from '../predict/detect.ts';
import { field } from './read-fields.ts';

export interface ScaleSettings {
  readonly minScale: number | undefined;
  readonly maxScale: number;
  readonly scaleDetectEnabled: boolean;
  readonly scaleDetectModel: ModelName;
}

/**
 * How many times larger the pixels of the image are than those that the model was trained with: what the job says; else what the
 * scale model finds in one channel of it, if that is enabled; else 1. What the job does not say is noted in its hash.
 */
export async function readScale(
  channel: () => Promise<Image>,
  settings: ScaleSettings,
  context: StageContext,
): Promise<number> {
  const given = givenScale(settings, context);
  if (given !== undefined) return given;
  const scale = await foundScale(channel, settings, context);
  context.note({ scale });
  return scale;
}

function givenScale(
  { minScale, maxScale }: ScaleSettings,
  { job }: StageContext,
): number | undefined {
  const text = field(job, 'scale');
  if (text === undefined) return undefined;
  const [min, max] = [minScale ?? 1 / maxScale, maxScale];
  const scale = Number(text);
  if (scale >= min && scale <= max) return scale;
  throw new KnownError(
    'invalid_job',
    `scale is "${text}", but must be a number from ${tidy(min)} to ${tidy(max)}.`,
  );
}

async function foundScale(
  channel: () => Promise<Image>,
  { scaleDetectEnabled, scaleDetectModel }: ScaleSettings,
  context: StageContext,
): Promise<number> {
  return scaleDetectEnabled ? detectScale(scaleDetectModel, await channel(), context) : 1;
}

function tidy(value: number): string {
  return String(Number(value.toFixed(6)));
}
