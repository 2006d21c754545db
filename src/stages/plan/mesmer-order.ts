import { KnownError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import { guessChannelAxis } from '../../imaging/axes.ts';
import { type Axes, describeAxes } from '../job-fields/axis-words.ts';
import { field } from '../job-fields/read-fields.ts';
import { refuseMisfit } from '../job-fields/refuse-misfit.ts';
import { hasKnownPlane, orderAround, squeezeAxes } from './squeeze-axes.ts';
import { shapeWords } from '../../imaging/shape-words.ts';

interface MesmerOrder {
  /** For `arrangeAxes`. */
  readonly order: string;
  readonly channelsLast: boolean;
}

/**
 * Where the channels of a mesmer image stand: where the file says, else along the shortest axis, as
 * the reference guesses. Frames or slices are no channels, unless the job says so by its
 * dimension_order; the field is not obeyed otherwise, because the web form fills it in for every job.
 */
export function mesmerOrder(job: Job, image: Axes): MesmerOrder {
  refuseMisfit(image);
  const squeezed = squeezeAxes(image);
  const { shape, axes } = squeezed;
  if (shape.length !== 3) throw wrongRank(squeezed);
  const isKnown = hasKnownPlane(squeezed);
  const channel = isKnown ? axes.search(/[^YX]/) : guessChannelAxis(shape, 0);
  if (channel === 1) {
    throw new KnownError(
      'wrong_dimensions',
      `The image has the shape ${shapeWords(shape)}, whose shortest axis stands in the middle. ` +
        'Channels must be its first or its last axis.',
    );
  }
  const order = channel === 0 ? 'CXY' : 'XYC';
  const isFrames = isKnown && 'TZ'.includes(axes[channel] ?? '');
  if (isFrames && field(job, 'dimension_order')?.toUpperCase() !== order) {
    throw new KnownError(
      'wrong_dimensions',
      `A mesmer job needs 2 channels, but ${saysOf(squeezed)}. If these are channels, give the job ` +
        `dimension_order "${order}", or save the file with channels.`,
    );
  }
  const named = isKnown ? orderAround(squeezed, 'C') : order;
  return { order: squeezed.orderOfAll(named), channelsLast: order === 'XYC' };
}

function wrongRank(image: Axes): KnownError {
  const { shape } = image;
  const words = `Input data must have 4 dimensions. Input data only has ${shape.length + 1} dimensions`;
  const isNamed = shape.length > 3 && hasKnownPlane(image);
  const said = isNamed ? saysOf(image) : `the image has the shape ${shapeWords(shape)}`;
  const wanted =
    shape.length === 2
      ? 'A mesmer job needs two channels in one file: the nuclei, and the membranes or cytoplasm.'
      : 'A mesmer job takes one image with its channels.';
  return new KnownError('wrong_dimensions', `${words}: ${said}. ${wanted}`);
}

function saysOf(image: Axes): string {
  return `the file (${image.axesFrom}) says that its axes are ${image.axes}: ${describeAxes(image)}`;
}
