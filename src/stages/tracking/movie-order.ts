import { shapeWords } from '../../imaging/shape-words.ts';
import { KnownError } from '../../errors.ts';
import { type Axes, describeAxes } from '../job-fields/axis-words.ts';
import { refuseMisfit } from '../job-fields/refuse-misfit.ts';
import { hasKnownPlane, orderAround, squeezeAxes } from '../plan/squeeze-axes.ts';

/**
 * The order for `arrangeAxes` that makes frames, rows and columns of an image. Where the file names rows and
 * columns, its names decide: frames, slices or pages, wherever they stand, are the frames. Where it does not,
 * the image must have three axes: frames, rows and columns. Throws `wrong_dimensions` for all else: channels,
 * or the samples of colours, are no frames.
 */
export function movieOrder(image: Axes): string {
  refuseMisfit(image);
  if (!hasKnownPlane(image)) return unnamedOrder(image);
  const { axes, orderOfAll } = squeezeAxes(image);
  const others = axes.replaceAll(/[YX]/g, '');
  const isSingle = others === '' && !countsFrames(image);
  if (isSingle || others.length > 1 || /[^TZIQ]/.test(others)) throw notMovie(image);
  return orderOfAll(orderAround({ axes }, 'B'));
}

function unnamedOrder({ shape }: Axes): string {
  if (shape.length === 3) return 'BXY';
  throw new KnownError(
    'wrong_dimensions',
    'A tracking job needs a stack of three axes (frame, row, column), but this image has ' +
      `${shape.length} (shape ${shapeWords(shape)}).`,
  );
}

/** Whether the file counts frames, be it one. */
function countsFrames({ axes }: Pick<Axes, 'axes'>): boolean {
  return /[TZIQ]/.test(axes);
}

function notMovie(image: Axes): KnownError {
  const { shape, axes, axesFrom } = image;
  const colours = axes.split('').find((axis, at) => 'CS'.includes(axis) && shape[at] !== 1);
  const advice =
    colours === undefined
      ? 'Save it as one stack of frames.'
      : 'Save one channel as a stack of frames, or, if these are frames, name the axes of the file TYX.';
  return new KnownError(
    'wrong_dimensions',
    `A movie needs frames × rows × columns; the axes of this file are ${axes} (${axesFrom}): ` +
      `${describeAxes(image)}. ${advice}`,
  );
}
