import { corrupt } from '../../corrupt-image.ts';
import { planesInOnePiece } from './following-planes.ts';
import {
  type Leading,
  type MaybeSeries,
  type Page,
  type Pages,
  planesAfter,
  planesOfPages,
  stackOfPages,
  withPage,
} from './series.ts';

/** The orders in which ImageJ lets axes vary, the slowest first in our names. */
const ORDERS: Readonly<Record<string, string>> = {
  czt: 'TZC',
  ctz: 'ZTC',
  zct: 'TCZ',
  ztc: 'CTZ',
  tcz: 'ZCT',
  tzc: 'CZT',
};

/** Names of the numbers that ImageJ gives for our axes. */
const COUNTS: Readonly<Record<string, string>> = { T: 'frames', Z: 'slices', C: 'channels' };

/** Whether a description is one of ImageJ's, or of SCIFIO, which writes the same. */
export function isImageJ(description: string): boolean {
  return description.startsWith('ImageJ=') || description.startsWith('SCIFIO=');
}

/** The values of an ImageJ description, `name=value` a line. */
export function imageJValues(description: string): ReadonlyMap<string, string> {
  const pairs = description.split(/\r?\n|\r/).map((line): [string, string] => {
    const at = line.indexOf('=');
    return at < 0 ? ['', ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
  return new Map(pairs);
}

/**
 * The hyperstack that ImageJ's description tells of: pages, or planes that follow one directory, as
 * ImageJ writes stacks of more than 4 GB. Undefined if there is no such description; a text if it
 * does not fit the file.
 */
export function imageJSeries({ main, description, view }: Pages): MaybeSeries {
  if (!isImageJ(description)) return undefined;
  const leading = leadingAxes(imageJValues(description), main[0]);
  const told = leading.lengths.reduce((product, length) => product * length, 1);
  if (told === 1) return undefined;
  const form = { ...withPage(leading, main[0].form), axesFrom: 'ImageJ' };
  if (told === main.length) return { ...form, ...planesOfPages(main, told) };
  const found = main.length === 1 ? planesInOnePiece(main[0], { trusting: false }) : main.length;
  const mismatch = `${wordsOf(leading)} (${told} planes), but the file holds ${found}`;
  if (main.length > 1) {
    return stackOfPages(leading, main, { axesFrom: 'ImageJ', mismatch }) ?? mismatch;
  }
  if (told <= found) return { ...form, ...planesAfter(main[0], told) };
  // A page that was taken out of a stack keeps the words; a stack that was cut off does not end there.
  if (found > 1) throw corrupt(view.name, `it ends too early. ${mismatch}`);
  return mismatch;
}

function wordsOf({ axes, lengths }: Leading): string {
  const counts = axes.split('').map((axis, at) => `${COUNTS[axis] ?? 'images'}=${lengths[at]}`);
  return `The description (ImageJ) tells of ${counts.join(', ')}`;
}

function leadingAxes(values: ReadonlyMap<string, string>, page: Page): Leading {
  const axes = ORDERS[(values.get('order') ?? 'czt').toLowerCase()] ?? 'TZC';
  const lengths = axes.split('').map((axis) => lengthOf(values, axis, page));
  const images = countIn(values, 'images');
  if (lengths.every((length) => length === 1) && page.form.samples === 1 && images > 1) {
    return { axes: 'I', lengths: [images] };
  }
  return { axes, lengths };
}

/** How long an axis is in pages: samples of a pixel may be counted as channels, which are none. */
function lengthOf(values: ReadonlyMap<string, string>, axis: string, { form }: Page): number {
  const length = countIn(values, COUNTS[axis] ?? '');
  return axis === 'C' && form.samples > 1 && length === form.samples ? 1 : length;
}

function countIn(values: ReadonlyMap<string, string>, name: string): number {
  const count = Number(values.get(name));
  return Number.isInteger(count) && count > 0 ? count : 1;
}
