import { sizeOf } from '../../../imaging/array.ts';
import { corrupt } from '../../corrupt-image.ts';
import { pageAxes } from '../page-form.ts';
import { TAG } from '../tags.ts';
import { planesInOnePiece } from './following-planes.ts';
import {
  type MaybeSeries,
  type Page,
  type Pages,
  planesAfter,
  planesOfPages,
  stackOfPages,
} from './series.ts';
import { shapeWords } from '../../../imaging/shape-words.ts';

/** What tifffile writes about an array: JSON, or of old `shape=(2, 512, 512)`. */
interface Told {
  readonly shape: readonly number[];
  /** A letter for each axis, if they are told. */
  readonly axes?: string;
  readonly truncated: boolean;
}

/**
 * The array that tifffile's own description tells of: pages, or planes that follow one page.
 * Undefined if there is no such description, or one for each of several pages, which were appended
 * one by one; a text if it does not fit the pages.
 */
export function shapedSeries(pages: Pages): MaybeSeries {
  const { main, description } = pages;
  const told = toldBy(description);
  if (told === undefined) return undefined;
  if (told.shape.length > MOST_AXES) {
    return `${wordsOf(told)}, but at most ${MOST_AXES} axes are read`;
  }
  const page = pageAxes(main[0].form);
  const planes = sizeOf(told.shape) / sizeOf(page.shape);
  if (!endsWith(told.shape, page.shape) || !Number.isInteger(planes)) {
    return `${wordsOf(told)}, but the pages are of ${shapeWords(page.shape)}`;
  }
  if (planes === 1 && main.length > 1 && main.every((one) => saysTheSame(one, description))) {
    return undefined;
  }
  const form = { shape: told.shape, axes: axesOf(told, main[0]), axesFrom: 'tifffile' };
  if (planes <= main.length && !(told.truncated && planes > 1)) {
    return { ...form, ...planesOfPages(main, planes) };
  }
  const found = Math.max(planesInOnePiece(main[0], { trusting: false }), main.length);
  if (planes <= found) return { ...form, ...planesAfter(main[0], planes) };
  return tooShort(pages, told, `${wordsOf(told)} (${planes} planes), but the file holds ${found}`);
}

/** As NumPy had for long. */
const MOST_AXES = 32;

/** What is left of an array of which planes are missing. */
function tooShort({ main, view }: Pages, told: Told, mismatch: string): MaybeSeries {
  const inOnePiece = planesInOnePiece(main[0], { trusting: false });
  if (main.length === 1 && (told.truncated || inOnePiece > 1)) {
    throw corrupt(view.name, `it ends too early. ${mismatch}`);
  }
  const page = pageAxes(main[0].form);
  const axes = axesOf(told, main[0]);
  if (!axes.endsWith(page.axes)) return mismatch;
  const leading = { axes, lengths: told.shape.slice(0, -page.shape.length) };
  return stackOfPages(leading, main, { axesFrom: 'tifffile', mismatch }) ?? mismatch;
}

function wordsOf({ shape }: Told): string {
  return `The description (tifffile) tells of an array of ${shapeWords(shape)}`;
}

function toldBy(description: string): Told | undefined {
  const old = /^shape=\(([\d, ]+)\)/.exec(description)?.[1];
  if (old !== undefined) return checked({ shape: old.split(',').filter(Boolean).map(Number) });
  if (!description.startsWith('{')) return undefined;
  try {
    return checked(JSON.parse(description));
  } catch {
    return undefined;
  }
}

function checked(value: unknown): Told | undefined {
  if (typeof value !== 'object' || value === null || !('shape' in value)) return undefined;
  const { shape } = value;
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every(isLength)) return undefined;
  const axes = 'axes' in value && typeof value.axes === 'string' ? value.axes : undefined;
  const truncated = 'truncated' in value && value.truncated === true;
  return axes?.length === shape.length ? { shape, axes, truncated } : { shape, truncated };
}

function isLength(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

/** Whether the last axes are those of a page; axes of length 1 do not count. */
function endsWith(shape: readonly number[], page: readonly number[]): boolean {
  const wanted = page.filter((length) => length > 1);
  const last = shape.filter((length) => length > 1).slice(-wanted.length || Infinity);
  return wanted.every((length, index) => length === last[index]);
}

const KNOWN = new Set('TZCYXS');

/**
 * The axes as told; those of other meaning are Q. Without, nothing is known of an array that was
 * written page by page, but a page alone has rows and columns, and samples are samples.
 */
function axesOf({ shape, axes }: Told, { form }: Page): string {
  if (axes !== undefined) {
    const letters = axes.toUpperCase().split('');
    return letters.map((letter) => (KNOWN.has(letter) ? letter : 'Q')).join('');
  }
  const page = pageAxes(form).axes;
  const isKnown = form.samples > 1 || form.depth > 1 || shape.length === page.length;
  return isKnown ? page.padStart(shape.length, 'Q').slice(-shape.length) : 'Q'.repeat(shape.length);
}

function saysTheSame({ tags }: Page, description: string): boolean {
  return tags.text(TAG.imageDescription) === description;
}
