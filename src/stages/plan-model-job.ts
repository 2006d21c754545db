import { KnownError } from '../errors.ts';
import type { Job } from '../flow/job.ts';
import type { StageContext } from '../flow/stage.ts';
import type { Application, Postprocessing, Preprocessing } from '../imaging/application.ts';
import { type Image, type NdArray, sizeOf } from '../imaging/array.ts';
import type { ModelName } from '../ports.ts';
import { checkRowsAndColumns } from './check-size.ts';
import type { Pass } from './passes.ts';
import { field } from './read-fields.ts';

/** The names that `preprocess_function` may list. */
const PREPROCESS: Readonly<Record<string, Preprocessing>> = {
  normalize: { kind: 'normalize' },
  histogram_normalization: { kind: 'histogram_normalization' },
  multiplex_preprocess: { kind: 'multiplex' },
  none: { kind: 'none' },
};

/** The names that `postprocess_function` may list. */
const POSTPROCESS: Readonly<Record<string, Postprocessing>> = {
  deep_watershed: { kind: 'deep_watershed', parts: [{}] },
  none: { kind: 'none' },
};

/** The model that a job names itself, if it does. */
export function namedModel(job: Job): ModelName | undefined {
  const name = field(job, 'model_name');
  const version = field(job, 'model_version');
  if (name === undefined || version === undefined) return undefined;
  if (/^\d+$/.test(version)) return { name, version: Number(version) };
  throw new KnownError('invalid_job', `model_version is "${version}", but must be a whole number.`);
}

/**
 * The pass of a job that names its model and its functions: CONTRACT §2.8.1. The image is resized by `scale` to the nearest pixel, and the
 * functions of each list are chained.
 */
export async function planModelJob(
  {
    raw,
    model,
    scale,
  }: { readonly raw: NdArray<Float32Array>; readonly model: ModelName; readonly scale: number },
  { job, models, limits, signal }: StageContext,
): Promise<Pass> {
  const application: Application = {
    name: 'model',
    micronsPerPixel: undefined,
    preprocess: chain(job, 'preprocess_function', PREPROCESS),
    padMode: 'reflect',
    heads: 'all',
    postprocess: chain(job, 'postprocess_function', POSTPROCESS),
  };
  const { inputs } = await models.signature(model, signal);
  const channels = inputs[0]?.shape.at(-1) ?? 1;
  const image = withChannels(raw, channels);
  checkRowsAndColumns(image, limits);
  return { application, model, image, scale };
}

/** The functions that a field lists. An empty entry does nothing. */
function chain<Step>(job: Job, name: string, known: Readonly<Record<string, Step>>): Step[] {
  const words = (field(job, name) ?? '').split(',').map((word) => word.trim().toLowerCase());
  return words
    .filter((word) => word !== '')
    .map((word) => {
      const step = Object.hasOwn(known, word) ? known[word] : undefined;
      if (step !== undefined) return step;
      throw new KnownError(
        'unsupported_function',
        `${name} names "${word}", which is not supported; there are ${Object.keys(known).join(', ')}.`,
      );
    });
}

/** A plane gets the channel axis that the model expects; `[channel, row, column]` is left for the model to refuse. */
function withChannels({ shape, data }: NdArray<Float32Array>, channels: number): Image {
  const bare = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  if (bare.length === 2) return { shape: [1, ...bare, 1], data };
  if (bare.length === 3) return { shape: [1, ...bare], data };
  throw new KnownError(
    'wrong_dimensions',
    `Input data must have 4 dimensions. Input data only has ${bare.length + 1} dimensions` +
      ` (shape ${shape.join(' × ')} of ${sizeOf(shape)} values, for a model of ${channels} channels)`,
  );
}
