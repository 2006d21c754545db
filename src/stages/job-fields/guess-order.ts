import { KnownError } from '../../errors.ts';
import { DIMENSION_ORDERS } from '../../imaging/axes.ts';
import { type Axes, describeOrder } from './axis-words.ts';
import { shapeWords } from '../../imaging/shape-words.ts';

/**
 * The reference's guess where neither job nor file says what the axes are: the shortest is that of
 * the channels, and the first of four counts images. Refused where it is not plausible: see `checkGuess`.
 */
export function guessOrder(image: Axes): string {
  const { shape } = image;
  if (shape.length === 2) return 'XY';
  if (shape.length !== 3 && shape.length !== 4) {
    throw new KnownError(
      'wrong_dimensions',
      `The image has ${shape.length} axes (shape ${shapeWords(shape)}); two to four are allowed.`,
    );
  }
  const order = byLength(shape);
  checkGuess(order, image);
  return order;
}

/** Of equals the last is taken for the channels, then the first. */
function byLength(shape: readonly number[]): string {
  const first = shape.length - 3;
  const least = Math.min(...shape.slice(first));
  const batch = first === 1 ? 'B' : '';
  if (shape.at(-1) === least) return `${batch}XYC`;
  return shape[first] === least ? `${batch}CXY` : `${batch}XCY`;
}

/** More channels than that are plausible only where rows and columns are much longer. */
const MANY_CHANNELS = 16;

/**
 * Refuses channels that stand between rows and columns, that are almost as many as rows or columns, as
 * frames are, or that are what the file stores as rows or columns of a page.
 */
function checkGuess(order: string, { shape, axes }: Axes): void {
  const length = (letter: string): number => shape[order.indexOf(letter)] ?? 1;
  const channels = length('C');
  const isMany = channels > MANY_CHANNELS && 2 * channels > Math.min(length('X'), length('Y'));
  const isKnown = axes.includes('Y') && axes.includes('X');
  const isAgainst =
    isKnown && (axes[order.indexOf('X')] !== 'Y' || axes[order.indexOf('Y')] !== 'X');
  if (order !== 'XCY' && order !== 'BXCY' && !isMany && !isAgainst) return;
  throw new KnownError(
    'wrong_dimensions',
    `The image has the shape ${shapeWords(shape)}, and neither the job nor the file says what its axes ` +
      `are. By their lengths it would be ${describeOrder(order, shape)}; ${otherReading(shape, axes)}. ` +
      `Give the job a dimension_order: ${ordersFor(shape).join(', ')}.`,
  );
}

/** What it may be instead: the pages of the file, or images one after the other. */
function otherReading(shape: readonly number[], axes: string): string {
  const other = shape.length === 3 ? 'BXY' : 'BXYC';
  const words = describeOrder(other, shape);
  return axes.includes('I') ? `its pages may as well be ${words}` : `it may as well be ${words}`;
}

function ordersFor({ length }: readonly number[]): string[] {
  return DIMENSION_ORDERS.filter((order) => order.length === length);
}
