import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { PixelSize } from '../../image-description.ts';
import { toMicrons } from './micrometres.ts';

/** The letters of the axes that an order of dimensions names besides X and Y. */
export type OmeAxis = 'Z' | 'C' | 'T';

/** A run of planes, and where it is stored: OME-TIFF's TiffData. */
export interface TiffData {
  readonly ifd: number;
  /** Planes of the run; undefined: as many as there are. */
  readonly planes: number | undefined;
  readonly first: Readonly<Record<OmeAxis, number>>;
  /** The file it is in, if the metadata names one. */
  uuid?: string;
  fileName?: string;
}

/** One image of an OME-XML document. */
export interface OmeImage {
  readonly name: string;
  /** The axes besides X and Y, the fastest first. */
  readonly order: readonly OmeAxis[];
  readonly size: Readonly<Record<OmeAxis | 'X' | 'Y', number>>;
  readonly channelNames: readonly string[];
  readonly pixelSize: PixelSize | undefined;
  readonly tiffData: readonly TiffData[];
}

export interface OmeDocument {
  readonly uuid: string | undefined;
  readonly images: readonly OmeImage[];
  /** The file that holds the metadata instead of this one, if it says so. */
  readonly metadataFile: string | undefined;
}

/** Whether a text is meant to be OME-XML. */
export function isOmeXml(text: string): boolean {
  return text.startsWith('<') && /^.{0,4096}?<([\w.-]+:)?OME[\s>/]/s.test(text);
}

/**
 * Reads OME-XML: https://docs.openmicroscopy.org/ome-model. Namespaces do not matter. The parser
 * expands no entities but those of XML itself. Throws an `Error` with the parser's words if the text
 * is not well-formed.
 */
export function parseOmeXml(text: string): OmeDocument {
  const parser = new SaxesParser<{ position: false; xmlns: false }>({
    position: false,
    xmlns: false,
  });
  const reader = new DocumentReader();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => reader.open(tag));
  parser.on('text', (words) => reader.text(words));
  parser.on('closetag', (tag) => reader.close(localName(tag)));
  parser.write(text).close();
  return reader.document();
}

/** Elements within each other: many more than metadata have. */
const MOST_LEVELS = 256;

type Attributes = Readonly<Record<string, string | undefined>>;

/** An image whose elements are still being read. */
interface Draft {
  readonly name: string;
  pixels: Attributes | undefined;
  readonly channels: Attributes[];
  readonly tiffData: TiffData[];
}

class DocumentReader {
  readonly #path: string[] = [];
  readonly #drafts: Draft[] = [];
  #uuid: string | undefined;
  #metadataFile: string | undefined;

  open(tag: SaxesTagPlain): void {
    const name = localName(tag);
    const parent = this.#path.at(-1);
    const { attributes } = tag;
    if (this.#path.push(name) > MOST_LEVELS) throw new Error('Its elements are nested too deeply.');
    if (name === 'OME') this.#uuid = attributes['UUID'];
    if (name === 'BinaryOnly') this.#metadataFile = attributes['MetadataFile'] ?? '';
    if (name === 'Image' && parent === 'OME') {
      this.#drafts.push({
        name: attributes['Name'] ?? '',
        pixels: undefined,
        channels: [],
        tiffData: [],
      });
    }
    const draft = this.#drafts.at(-1);
    if (draft !== undefined) openWithin(draft, name, parent, attributes);
  }

  text(words: string): void {
    const data = this.#drafts.at(-1)?.tiffData.at(-1);
    if (data === undefined || this.#path.at(-1) !== 'UUID' || this.#path.at(-2) !== 'TiffData')
      return;
    data.uuid = (data.uuid ?? '') + words.trim();
  }

  close(name: string): void {
    if (this.#path.at(-1) === name) this.#path.pop();
  }

  document(): OmeDocument {
    const images = this.#drafts.flatMap((draft) => imageOf(draft) ?? []);
    return { uuid: this.#uuid, images, metadataFile: this.#metadataFile };
  }
}

function openWithin(
  draft: Draft,
  name: string,
  parent: string | undefined,
  attributes: Attributes,
): void {
  if (name === 'Pixels' && parent === 'Image') draft.pixels ??= attributes;
  if (name === 'Channel' && parent === 'Pixels') draft.channels.push(attributes);
  if (name === 'TiffData' && parent === 'Pixels') draft.tiffData.push(tiffDataOf(attributes));
  const data = draft.tiffData.at(-1);
  const fileName = attributes['FileName'];
  if (name === 'UUID' && parent === 'TiffData' && data && fileName) data.fileName = fileName;
}

/**
 * Without IFD a run begins with the first directory; without IFD and count, and with a count of 0, it
 * takes all of them from there on, as tifffile reads it.
 */
function tiffDataOf(attributes: Attributes): TiffData {
  const planes = attributes['PlaneCount'] ?? attributes['NumPlanes'];
  const all = attributes['IFD'] === undefined ? undefined : 1;
  return {
    ifd: wholeNumber(attributes['IFD'], 0),
    planes: planes === undefined ? all : wholeNumber(planes, 0) || undefined,
    first: {
      Z: wholeNumber(attributes['FirstZ'], 0),
      C: wholeNumber(attributes['FirstC'], 0),
      T: wholeNumber(attributes['FirstT'], 0),
    },
  };
}

const ORDER = /^XY(ZCT|ZTC|CZT|CTZ|TCZ|TZC)$/;

function imageOf({ name, pixels, channels, tiffData }: Draft): OmeImage | undefined {
  const order = ORDER.exec(pixels?.['DimensionOrder'] ?? '')?.[1];
  if (pixels === undefined || order === undefined) return undefined;
  const size = (axis: string): number => wholeNumber(pixels[`Size${axis}`], 1);
  return {
    name,
    // The expression allows no other letters.
    order: order.split('') as OmeAxis[],
    size: { X: size('X'), Y: size('Y'), Z: size('Z'), C: size('C'), T: size('T') },
    channelNames: channels.map((channel) => channel['Name'] ?? ''),
    pixelSize: pixelSizeOf(pixels),
    tiffData,
  };
}

function pixelSizeOf(pixels: Attributes): PixelSize | undefined {
  const size = (axis: string): number | undefined =>
    toMicrons(Number(pixels[`PhysicalSize${axis}`]), pixels[`PhysicalSize${axis}Unit`] ?? 'µm');
  const [x, y, z] = [size('X'), size('Y'), size('Z')];
  if (x === undefined || y === undefined) return undefined;
  return z === undefined ? { x, y } : { x, y, z };
}

function wholeNumber(text: string | undefined, fallback: number): number {
  const value = text === undefined ? NaN : Number(text);
  return Number.isInteger(value) && value >= 0 ? value : fallback;
}

function localName({ name }: SaxesTagPlain): string {
  return name.slice(name.indexOf(':') + 1);
}
