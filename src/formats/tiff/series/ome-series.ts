import { corrupt } from '../../corrupt-image.ts';
import {
  type OmeAxis,
  type OmeDocument,
  type OmeImage,
  type TiffData,
  isOmeXml,
  parseOmeXml,
} from './ome-xml.ts';
import {
  type MaybeSeries,
  type Page,
  type Pages,
  type Series,
  counted,
  withPage,
} from './series.ts';
import { messageOf } from '../../../errors.ts';

/**
 * The first image of an OME-TIFF that has planes in this file, with its planes where TiffData says
 * that they are. Undefined if there is no OME-XML; a text if it does not fit the file.
 */
export function omeSeries(pages: Pages): MaybeSeries {
  const text = pages.description.trim();
  if (!isOmeXml(text)) return undefined;
  const document = parsed(text);
  if (typeof document === 'string') return document;
  const { images, metadataFile } = document;
  if (metadataFile !== undefined) {
    return `What its axes are stands in another file (OME-XML in "${metadataFile}")`;
  }
  const isHere = fileTest(document, pages.view.name);
  const image = images.find(({ tiffData }) => tiffData.length === 0 || tiffData.some(isHere));
  if (image === undefined) return 'Its OME-XML names no image of this file';
  const series = imageSeries(image, pages, isHere);
  if (typeof series === 'string' || images.length === 1) return series;
  const name = image.name === '' ? '' : ` ("${image.name}")`;
  const which = images.indexOf(image) === 0 ? 'the first' : `number ${images.indexOf(image) + 1}`;
  const note = `The file tells of ${images.length} images; only ${which}${name} is read.`;
  return { ...series, notes: [note, ...(series.notes ?? [])] };
}

function parsed(text: string): OmeDocument | string {
  try {
    return parseOmeXml(text);
  } catch (error) {
    const words = messageOf(error);
    return `Its OME-XML is damaged (${words})`;
  }
}

/** Whether a run of planes is in this file: by its UUID, or by its name where the file has no UUID. */
function fileTest({ uuid, images }: OmeDocument, name: string): (data: TiffData) => boolean {
  const all = images.flatMap(({ tiffData }) => tiffData);
  const own = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  const named = all.find(({ fileName }) => fileName?.toLowerCase() === own)?.uuid;
  const others = new Set(all.flatMap((data) => data.uuid ?? []));
  const only = others.size === 1 ? [...others][0] : undefined;
  const expected = uuid ?? named ?? only;
  return (data) => data.uuid === undefined || data.uuid === expected;
}

function imageSeries(
  image: OmeImage,
  { main, all, view }: Pages,
  isHere: (data: TiffData) => boolean,
): Series | string {
  const { size, order, tiffData } = image;
  const runs = tiffData.length === 0 ? [ALL] : tiffData.filter(isHere);
  const [first] = main;
  const { form } = all[runs[0]?.ifd ?? 0] ?? first;
  if (size.X !== form.width || size.Y !== form.height) {
    return `Its OME-XML tells of ${size.Y} × ${size.X} pixels, but the pages have ${form.height} × ${form.width}`;
  }
  if (size.C % form.samples !== 0) {
    return `Its OME-XML tells of ${counted(size.C, 'channel')}, but pixels have ${form.samples} samples`;
  }
  const lengths = order.map((axis) => lengthOf(image, axis, form.samples));
  const planes = lengths.reduce((product, length) => product * length, 1);
  const places = planePlaces({ image, lengths, planes }, runs, all, view.name);
  return {
    ...withPage({ axes: [...order].reverse().join(''), lengths: lengths.toReversed() }, form),
    axesFrom: 'OME-XML',
    planes,
    absent: planes - places.size,
    used: new Set(places.values()),
    planeAt: (index) => {
      const page = places.get(index);
      return page && { page, following: 0 };
    },
    channelNames: channelNames(image, size.C / form.samples),
    ...(image.pixelSize && { pixelSize: image.pixelSize }),
    notes: missingNotes(planes - places.size, planes, image, isHere),
  };
}

const ALL: TiffData = { ifd: 0, planes: undefined, first: { Z: 0, C: 0, T: 0 } };

/** How long an axis is in pages: the samples of a pixel are counted among the channels. */
function lengthOf({ size }: OmeImage, axis: OmeAxis, samples: number): number {
  return Math.max(1, axis === 'C' ? size.C / samples : size[axis]);
}

interface Extent {
  readonly image: OmeImage;
  /** Of the axes besides X and Y, the fastest first. */
  readonly lengths: readonly number[];
  readonly planes: number;
}

/** The page of each plane that the file holds. Planes are numbered as the array has them. */
function planePlaces(
  { image: { order }, lengths, planes }: Extent,
  runs: readonly TiffData[],
  pages: Pages['all'],
  name: string,
): ReadonlyMap<number, Page> {
  const places = new Map<number, Page>();
  let looked = 0;
  for (const { ifd, planes: count, first } of runs) {
    const start = order.map((axis) => first[axis]);
    if (start.some((place, axis) => place >= (lengths[axis] ?? 1))) continue;
    const from = start.reduceRight((sum, place, axis) => sum * (lengths[axis] ?? 1) + place, 0);
    const most = Math.min(count ?? Infinity, pages.length - ifd, planes - from);
    for (let at = 0; at < most; at++) {
      if (++looked > MOST_PLACES)
        throw corrupt(name, 'its OME-XML names the same planes again and again');
      const page = pages[ifd + at];
      if (page !== undefined) places.set(from + at, page);
    }
  }
  return places;
}

/** Each page may be named a few times, and not more. */
const MOST_PLACES = 1_000_000;

/** Names, if there is one for each channel. */
function channelNames({ channelNames: names }: OmeImage, channels: number): string[] {
  return names.length === channels && names.some((name) => name !== '') ? [...names] : [];
}

function missingNotes(
  missing: number,
  planes: number,
  { tiffData }: OmeImage,
  isHere: (data: TiffData) => boolean,
): string[] {
  if (missing === 0) return [];
  const elsewhere = tiffData.find((data) => !isHere(data));
  const where =
    elsewhere === undefined
      ? ''
      : ` (another file, "${elsewhere.fileName ?? elsewhere.uuid}", has some)`;
  return [
    `${missing} of ${counted(planes, 'plane')} are not in the file${where}; they are read as zeros.`,
  ];
}
