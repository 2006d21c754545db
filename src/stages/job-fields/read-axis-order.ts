import { KnownError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import { DIMENSION_ORDERS, type DimensionOrder } from '../../imaging/axes.ts';
import { type Axes, describeAxes, describeOrder } from './axis-words.ts';
import { guessOrder } from './guess-order.ts';
import { field } from './read-fields.ts';
import { refuseMisfit } from './refuse-misfit.ts';

/** Which axes of an image are what, and who says so. */
export interface AxisOrder {
  /** A letter for each axis, as `arrangeAxes` takes them: B, X rows, Y columns, C. */
  readonly order: string;
  readonly saidBy: 'job' | 'file' | 'guess';
  /** What the user may want to know about the choice. */
  readonly remarks: readonly string[];
}

/**
 * Which axes of an image are what: what the job's `dimension_order` says, as the reference reads it;
 * else what the file says; else the reference's guess by their lengths. Refused, with the words of
 * both, where the job takes for rows or columns what the file calls something else, and where the
 * guess is not plausible.
 */
export function readAxisOrder(job: Job, image: Axes): AxisOrder {
  const text = field(job, 'dimension_order');
  if (text !== undefined) return orderOfJob(text, image);
  const order = orderOfFile(image);
  if (order !== undefined) return { order, saidBy: 'file', remarks: [] };
  refuseMisfit(image, ', or give the job a dimension_order');
  return { order: guessOrder(image), saidBy: 'guess', remarks: [] };
}

const LETTERS: Readonly<Record<string, string>> = {
  T: 'B',
  Z: 'B',
  C: 'C',
  S: 'C',
  Y: 'X',
  X: 'Y',
};

/**
 * The order in the letters of `dimension_order` if the file says what its axes are. Pages that nobody
 * names beside axes that are named are images of a batch.
 */
export function orderOfFile({ axes }: Pick<Axes, 'axes'>): string | undefined {
  const once = (letter: string): boolean => axes.split(letter).length === 2;
  const unnamed = axes.split('').filter((axis) => LETTERS[axis] === undefined).length;
  const isKnown = once('Y') && once('X') && (unnamed === 0 || /[TZCS]/.test(axes));
  if (!isKnown) return undefined;
  return axes
    .split('')
    .map((axis) => LETTERS[axis] ?? 'B')
    .join('');
}

function orderOfJob(text: string, image: Axes): AxisOrder {
  const order = DIMENSION_ORDERS.find((one) => one === text.toUpperCase());
  if (order === undefined) {
    throw new KnownError(
      'wrong_dimensions',
      `dimension_order is "${text}", but must be one of ${DIMENSION_ORDERS.join(', ')}.`,
    );
  }
  const { shape, axes, axesFrom } = image;
  const own = orderOfFile(image);
  const says =
    own === undefined
      ? `the pages of the file are ${describeAxes(image)}`
      : `the file (${axesFrom}) says that its axes are ${axes}: ${describeAxes(image)}`;
  const contradiction = contradictionOf(order, image, own);
  if (contradiction !== undefined) {
    const message = `dimension_order "${order}" ${contradiction}, but ${says}. ${adviceFor(own)}`;
    throw new KnownError('wrong_dimensions', message);
  }
  const differs = shape.some((length, axis) => length > 1 && own && order[axis] !== own[axis]);
  const remark = `dimension_order is "${order}", but ${says}. The job's word was taken.`;
  return { order, saidBy: 'job', remarks: differs ? [remark] : [] };
}

/**
 * How an order contradicts what is known of the file, if it does: another number of axes, or rows or
 * columns taken from what the file says is neither. Of pages that nobody names this is believed only
 * where it makes more images or channels than rows or columns. Too few axes are left for `arrangeAxes`
 * to refuse.
 */
function contradictionOf(
  order: DimensionOrder,
  { shape, axes }: Axes,
  own: string | undefined,
): string | undefined {
  if (order.length !== shape.length) {
    const isNamed = own !== undefined && shape.length > 2;
    return isNamed ? `names ${order.length} axes` : undefined;
  }
  const isPlane = (letter: string): boolean => 'YX'.includes(axes[order.indexOf(letter)] ?? '');
  if (!axes.includes('Y') || !axes.includes('X') || (isPlane('X') && isPlane('Y')))
    return undefined;
  const size = (letter: string): number => shape[order.indexOf(letter)] ?? 1;
  const isLikely = Math.max(size('B'), size('C')) <= Math.min(size('X'), size('Y'));
  return own === undefined && isLikely ? undefined : `would make ${describeOrder(order, shape)}`;
}

function adviceFor(own = 'BXY'): string {
  const known = DIMENSION_ORDERS.find((one) => one === own);
  return known === undefined
    ? 'Leave dimension_order empty.'
    : `Leave dimension_order empty, or give "${known}".`;
}
