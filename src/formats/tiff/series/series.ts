import type { PixelSize } from '../../image-description.ts';
import { type PageForm, type PageTags, pageAxes } from '../page-form.ts';
import type { TiffView } from '../tiff-view.ts';

/** A directory that describes an image. */
export interface Page {
  readonly tags: PageTags;
  readonly form: PageForm;
}

/** The pages of a file that belong together, one or more, and what there is besides. */
export interface Pages {
  readonly view: TiffView;
  /** The image of each directory of the file; undefined for one that describes none. */
  readonly all: readonly (Page | undefined)[];
  /** Those of the form of the first that is no reduced copy. */
  readonly main: readonly [Page, ...Page[]];
  /** What the first directory says in words. */
  readonly description: string;
}

/** A plane of a series: the pixels of a page, or those of the same form that follow them in the file. */
export interface Plane {
  readonly page: Page;
  /** 0: the page's own; 1: the next in the file; … */
  readonly following: number;
}

/** How the planes of a file make an array. */
export interface Series {
  readonly shape: readonly number[];
  /** See `ImageDescription`. */
  readonly axes: string;
  readonly axesFrom: string;
  /** See `ImageDescription`. */
  readonly misfit?: string;
  /** Planes in the order of the array; each has the shape of a page. */
  readonly planes: number;
  /** How many of them the file does not hold, if any. */
  readonly absent?: number;
  /** A plane; undefined if the file does not hold it. */
  readonly planeAt: (index: number) => Plane | undefined;
  /** The pages that hold them. */
  readonly used: ReadonlySet<Page>;
  readonly channelNames?: readonly string[];
  readonly pixelSize?: PixelSize;
  readonly notes?: readonly string[];
}

/** A series; undefined if the file has no words about it; a text if they do not fit the file. */
export type MaybeSeries = Series | string | undefined;

/** Lengths of the axes that stand before those of a page. */
export interface Leading {
  readonly axes: string;
  readonly lengths: readonly number[];
}

/** Puts axes before those of a page; those of length 1 are dropped, as tifffile does. */
export function withPage(
  { axes, lengths }: Leading,
  form: PageForm,
): Pick<Series, 'shape' | 'axes'> {
  const page = pageAxes(form);
  const kept = lengths.flatMap((length, index) => (length === 1 ? [] : [index]));
  return {
    shape: [...kept.map((index) => lengths[index] ?? 1), ...page.shape],
    axes: kept.map((index) => axes[index]).join('') + page.axes,
  };
}

type Planes = Pick<Series, 'planes' | 'planeAt' | 'used'>;

/** Planes that are the first `count` of some pages. */
export function planesOfPages(pages: readonly Page[], count: number): Planes {
  return {
    planes: count,
    used: new Set(pages.slice(0, count)),
    planeAt: (index) => {
      const page = pages[index];
      return page && { page, following: 0 };
    },
  };
}

/** Planes that follow each other behind one directory. */
export function planesAfter(page: Page, count: number): Planes {
  return { planes: count, used: new Set([page]), planeAt: (following) => ({ page, following }) };
}

/**
 * Of a stack along one axis there may be fewer pages than its words tell of, or more: it is as long
 * as it is, and `mismatch` says so. Undefined for a stack along several axes, or of one page.
 */
export function stackOfPages(
  { axes, lengths }: Leading,
  main: Pages['main'],
  { axesFrom, mismatch }: { readonly axesFrom: string; readonly mismatch: string },
): Series | undefined {
  const long = lengths.flatMap((length, at) => (length > 1 ? [at] : []));
  if (long.length !== 1 || main.length === 1) return undefined;
  const leading = { axes: axes[long[0] ?? 0] ?? 'I', lengths: [main.length] };
  return {
    ...withPage(leading, main[0].form),
    axesFrom,
    ...planesOfPages(main, main.length),
    notes: [`${mismatch}; these are read.`],
  };
}

/** "1 plane", "2 planes". */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
