import { KnownError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import type { StageContext } from '../../flow/stage.ts';
import type { Application } from '../../imaging/applications/application.ts';
import type { DecodedImage } from '../../formats/decode-image.ts';
import type { Image } from '../../imaging/array.ts';
import { postprocessFunctions, preprocessFunctions } from '../../imaging/applications/functions.ts';
import type { ModelName } from '../../ports.ts';
import { checkExtent } from './check-size.ts';
import { type AxisOrder, orderOfFile } from '../job-fields/read-axis-order.ts';
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
 * The pass of a job that names its model and its functions. The image is resized by `scale` to the nearest
 * pixel, and the functions of each list are chained.
 */
export async function planModelJob(
  { raw, model }: { readonly raw: DecodedImage; readonly model: ModelName },
  context: StageContext,
): Promise<Omit<Pass, 'scale'> & Pick<AxisOrder, 'order' | 'saidBy'>> {
  const { job, limits } = context;
  const application: Application = {
    name: 'model',
    micronsPerPixel: undefined,
    preprocess: preprocessFunctions(field(job, 'preprocess_function') ?? ''),
    padMode: 'reflect',
    heads: 'all',
    postprocess: postprocessFunctions(field(job, 'postprocess_function') ?? ''),
  };
  const image = await withBatchAndChannels(raw, context);
  checkExtent(image, limits);
  const order = orderOfFile(raw);
  const axes = { order: order ?? '', saidBy: order === undefined ? 'guess' : 'file' } as const;
  return { application, model, image, ...axes };
}

/**
 * Axes that the file names are put where they belong. Of others a plane gets a channel axis, and
 * `[channel, row, column]` is left for the model to refuse, as the reference does.
 */
async function withBatchAndChannels(
  raw: DecodedImage,
  { compute, signal }: StageContext,
): Promise<Image> {
  const order = orderOfFile(raw);
  if (order !== undefined) return compute.run('arrangeAxes', { array: raw, order }, signal);
  const { shape, data } = raw;
  const bare = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  if (bare.length === 2) return { shape: [1, ...bare, 1], data };
  if (bare.length === 3) return { shape: [1, ...bare], data };
  throw new KnownError(
    'wrong_dimensions',
    `Input data must have 4 dimensions. Input data only has ${bare.length + 1} dimensions`,
    { details: { shape } },
  );
}
