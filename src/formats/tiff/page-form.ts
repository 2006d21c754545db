import { KnownError } from '../../errors.ts';
import { type Directory, findField } from './header.ts';
import { TAG } from './tags.ts';
import type { Field, TiffView } from './tiff-view.ts';

export type SampleKind = 'unsigned' | 'signed' | 'float';

/** Which array a page makes. Pages of one form may make one stack. */
export interface PageForm {
  readonly width: number;
  readonly height: number;
  /** Planes below each other, as SGI's ImageDepth counts them; 1 in all but volumes. */
  readonly depth: number;
  /** Values of a pixel. */
  readonly samples: number;
  readonly bits: number;
  /** As the tag SampleFormat numbers it. */
  readonly sampleFormat: number;
  /** Whether each sample has a plane of its own, instead of standing beside the others of its pixel. */
  readonly planar: boolean;
  /** Whether the page says that it is a smaller copy of another. */
  readonly reduced: boolean;
}

/** The tags of one page. */
export class PageTags {
  readonly view: TiffView;
  readonly #directory: Directory;

  constructor(view: TiffView, directory: Directory) {
    this.view = view;
    this.#directory = directory;
  }

  readonly field = (tag: number): Field | undefined => findField(this.view, this.#directory, tag);

  /** The first value of a tag. */
  number(tag: number, fallback: number): number {
    const field = this.field(tag);
    return field === undefined || field.count === 0 ? fallback : this.view.number(field, 0);
  }

  text(tag: number): string | undefined {
    return this.view.text(this.field(tag));
  }
}

/** Reads which array a page makes; undefined if the directory does not describe an image. */
export function pageForm(tags: PageTags): PageForm | undefined {
  const width = tags.number(TAG.width, 0);
  const height = tags.number(TAG.height, 0);
  const samples = tags.number(TAG.samplesPerPixel, 1);
  const depth = tags.number(TAG.imageDepth, 1);
  if (width < 1 || height < 1 || samples < 1 || depth < 1) return undefined;
  return {
    width,
    height,
    depth,
    samples,
    bits: tags.number(TAG.bitsPerSample, 1),
    sampleFormat: tags.number(TAG.sampleFormat, 1),
    planar: tags.number(TAG.planarConfiguration, 1) === 2 && samples > 1,
    reduced: isReduced(tags),
  };
}

/** Whether two pages may be planes of one stack. */
export function sameForm(one: PageForm, other: PageForm): boolean {
  return (['width', 'height', 'depth', 'samples', 'bits', 'sampleFormat', 'planar'] as const).every(
    (property) => one[property] === other[property],
  );
}

/** The shape of a page's array, and its axes: Z of a volume, rows Y, columns X, samples S. */
export function pageAxes({ width, height, depth, samples, planar }: PageForm): {
  readonly shape: number[];
  readonly axes: string;
} {
  const volume = depth > 1;
  const shape = volume ? [depth, height, width] : [height, width];
  const axes = volume ? 'ZYX' : 'YX';
  if (samples === 1) return { shape, axes };
  return planar
    ? { shape: [samples, ...shape], axes: `S${axes}` }
    : { shape: [...shape, samples], axes: `${axes}S` };
}

/** The kind of a page's numbers. Throws `unsupported_file` for complex ones. */
export function sampleKind({ sampleFormat }: PageForm, name: string): SampleKind {
  if (sampleFormat === 2) return 'signed';
  if (sampleFormat === 3) return 'float';
  if (sampleFormat === 5 || sampleFormat === 6) {
    throw new KnownError(
      'unsupported_file',
      `"${name}" is a TIFF with complex numbers as pixels, which are not read. ` +
        'Save their magnitude, as float32.',
    );
  }
  return 'unsigned';
}

function isReduced(tags: PageTags): boolean {
  const kind = tags.field(TAG.newSubfileType);
  if (kind !== undefined) return (tags.number(TAG.newSubfileType, 0) & 1) === 1;
  return tags.number(TAG.subfileType, 1) === 2;
}
