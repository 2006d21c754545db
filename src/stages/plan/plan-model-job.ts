import { KnownError } from '../../errors.ts';
import type { Job } from '../../flow/job.ts';
import type { StageContext } from '../../flow/stage.ts';
import type { Application } from '../../imaging/applications/application.ts';
import type { Image, NdArray } from '../../imaging/array.ts';
import { postprocessFunctions, preprocessFunctions } from '../../imaging/applications/functions.ts';
import type { ModelName } from '../../ports.ts';
import { checkRowsAndColumns } from './check-size.ts';
import type { Pass } from './passes.ts';
import { field } from '../job-fields/read-fields.ts';

/** The model that a job names itself, if it does. */
export function namedModel(job: Job): ModelName | undefined {
  const name = field(job, 'model_name');
  const version = field(job, 'model_version');
  if (name === undefined || version === undefined) return undefined;
  if (/^\d+$/.test(version)) return { name, version: Number(version) };
  throw new KnownError('invalid_job', `model_version is "${version}", but must be a whole number.`);
}

/**
 * The pass of a job that names its model and its functions. The image is resized by `scale` to the nearest pixel, and the
 * functions of each list are chained.
 */
export function planModelJob(
  { raw, model }: { readonly raw: NdArray<Float32Array>; readonly model: ModelName },
  { job, limits }: StageContext,
): Omit<Pass, 'scale'> {
  const application: Application = {
    name: 'model',
    micronsPerPixel: undefined,
    preprocess: preprocessFunctions(field(job, 'preprocess_function') ?? ''),
    padMode: 'reflect',
    heads: 'all',
    postprocess: postprocessFunctions(field(job, 'postprocess_function') ?? ''),
  };
  const image = withBatchAndChannels(raw);
  checkRowsAndColumns(image, limits);
  return { application, model, image };
}

/** A plane gets a channel axis; `[channel, row, column]` is left for the model to refuse. */
function withBatchAndChannels({ shape, data }: NdArray<Float32Array>): Image {
  const bare = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  if (bare.length === 2) return { shape: [1, ...bare, 1], data };
  if (bare.length === 3) return { shape: [1, ...bare], data };
  throw new KnownError(
    'wrong_dimensions',
    `Input data must have 4 dimensions. Input data only has ${bare.length + 1} dimensions`,
    { details: { shape } },
  );
}
