import { KnownError } from '../../errors.ts';
import { corrupt } from '../corrupt-image.ts';
import { COMPRESSIONS, JPEG, PACK_BITS, UNCOMPRESSED, compressionName } from './compression.ts';
import { type PageForm, type PageTags, type SampleKind, sampleKind } from './page-form.ts';
import { type Box, type SegmentForm, boxBytes, gridOf, segmentCount } from './segment-form.ts';
import { type SegmentTable, segmentTable } from './segment-table.ts';
import { PHOTOMETRIC, TAG } from './tags.ts';

/** How one page is stored. */
export interface PageLayout extends PageForm, SegmentForm {
  readonly kind: SampleKind;
  readonly compression: number;
  readonly predictor: number;
  readonly photometric: number;
  /** Whether the bits of each stored byte stand the other way round (FillOrder 2). */
  readonly reversed: boolean;
  readonly table: SegmentTable;
  /** The value of pixels whose segment is not stored. */
  readonly fill: number;
  /** JPEG tables that all segments share. */
  readonly jpegTables: Uint8Array | undefined;
}

type Untabled = Omit<PageLayout, 'table'>;

/** Reads how a page is stored and checks that it is of a kind that is read. */
export function pageLayout(tags: PageTags, form: PageForm): PageLayout {
  const { name } = tags.view;
  const tiled = tags.field(TAG.tileWidth) !== undefined;
  const segment = segmentBox(tags, form, tiled);
  const grid = gridOf(form, segment);
  const compression = tags.number(TAG.compression, 1);
  const kind = sampleKind(form, name);
  const layout: Untabled = {
    ...form,
    tiled,
    segment,
    grid,
    compression,
    kind,
    predictor: predictorOf(tags, compression),
    photometric: tags.number(TAG.photometric, 1),
    reversed: tags.number(TAG.fillOrder, 1) === 2 && compression !== JPEG,
    fill: fillValue(tags.text(TAG.gdalNoData), kind, form.bits),
    jpegTables: tags.view.content(tags.field(TAG.jpegTables)),
  };
  checkSupported(layout, tags);
  checkSegments(layout, name);
  return { ...layout, table: segmentTable(tags, layout, segmentCount(layout)) };
}

/** GDAL's value for "no data", if a sample can have it. */
function fillValue(text: string | undefined, kind: SampleKind, bits: number): number {
  const words = text?.trim().replace(',', '.').toLowerCase();
  if (words === undefined || words === '') return 0;
  const value = Number(words);
  if (kind === 'float') return words === 'nan' || !Number.isNaN(value) ? value : 0;
  const [least, greatest] =
    kind === 'signed' ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  return Number.isInteger(value) && value >= least && value <= greatest ? value : 0;
}

/** libtiff writes and reads pixels that are not compressed without their differences, whatever the tag says. */
function predictorOf(tags: PageTags, compression: number): number {
  const predictor = tags.number(TAG.predictor, 1);
  const isIdle = compression === UNCOMPRESSED && (predictor === 2 || predictor === 3);
  return isIdle ? 1 : predictor;
}

function segmentBox(tags: PageTags, { width, height }: PageForm, tiled: boolean): Box {
  if (tiled) {
    return {
      width: tags.number(TAG.tileWidth, 0),
      height: tags.number(TAG.tileHeight, 0),
      depth: tags.number(TAG.tileDepth, 1),
    };
  }
  const rows = tags.number(TAG.rowsPerStrip, height);
  return { width, height: rows < 1 ? height : Math.min(height, rows), depth: 1 };
}

const KIND_WORDS = { unsigned: '', signed: 'signed ', float: 'floating-point ' } as const;

const READ_BITS: Readonly<Record<SampleKind, (bits: number) => boolean>> = {
  unsigned: (bits) => bits >= 1 && (bits <= 32 || bits === 64),
  signed: (bits) => [8, 16, 32, 64].includes(bits),
  float: (bits) => [16, 32, 64].includes(bits),
};

function checkSupported(layout: Untabled, tags: PageTags): void {
  const { bits, kind, compression, samples } = layout;
  const bitsField = tags.field(TAG.bitsPerSample);
  const allBits = bitsField === undefined ? [1] : tags.view.numbers(bitsField, samples);
  const { name } = tags.view;
  if (allBits.some((other) => other !== bits)) {
    const list = allBits.slice(0, 8).join(', ');
    refuse(name, `samples of ${list} bits`, 'Save it with 8 or 16 bits a sample.');
  }
  if (!READ_BITS[kind](bits)) {
    const what = `${KIND_WORDS[kind]}samples of ${bits} bits`;
    refuse(name, what, 'Save it with 8, 16 or 32 bits a sample.');
  }
  if (compression !== JPEG && !COMPRESSIONS.has(compression)) {
    refuse(name, `${compressionName(compression)} compression`, OTHER_COMPRESSION);
  }
  if (compression === JPEG) checkJpeg(layout, name);
  else checkBytes(layout, tags);
}

const OTHER_COMPRESSION =
  'Save it without compression, or with LZW, deflate, zstd, PackBits or 8-bit JPEG.';

function checkJpeg({ bits, kind, samples, planar, depth }: Untabled, name: string): void {
  const channels = planar ? 1 : samples;
  const what =
    bits !== 8 || kind !== 'unsigned'
      ? `JPEG compression of ${KIND_WORDS[kind]}samples of ${bits} bits`
      : `JPEG compression of ${depth > 1 ? 'volumes' : `${channels} samples a pixel`}`;
  const isRead = bits === 8 && kind === 'unsigned' && depth === 1 && [1, 3].includes(channels);
  if (!isRead) refuse(name, what, OTHER_COMPRESSION);
}

function checkBytes(layout: Untabled, tags: PageTags): void {
  const { predictor, kind, photometric, compression } = layout;
  const { name } = tags.view;
  if (predictor !== 1 && compression === PACK_BITS) {
    const what = `PackBits and predictor ${predictor} (readers disagree what that means)`;
    refuse(name, what, 'Save it without predictor.');
  }
  if (predictor !== 1 && predictor !== 2 && !(predictor === 3 && kind === 'float')) {
    refuse(name, `predictor ${predictor}`, 'Save it without predictor, or with predictor 2.');
  }
  const ratio = tags.field(TAG.yCbCrSubSampling);
  const subsampling = ratio === undefined ? [2, 2] : tags.view.numbers(ratio, 2);
  if (photometric === PHOTOMETRIC.yCbCr && subsampling.some((factor) => factor !== 1)) {
    const what = `YCbCr colours sampled ${subsampling.join(' × ')}`;
    refuse(name, what, 'Save it as RGB or grey.');
  }
}

/** More than the tiles of a small image may hold besides it: bytes. */
const SPARE_BYTES = 16 * 2 ** 20;

function checkSegments(layout: Untabled, name: string): void {
  const { width, height, depth, segment } = layout;
  if (segment.width < 1 || segment.height < 1 || segment.depth < 1) {
    throw corrupt(name, 'its tiles have no pixels');
  }
  const whole = boxBytes({ width, height, depth }, layout);
  if (boxBytes(segment, layout) > 4 * whole + SPARE_BYTES) {
    throw corrupt(name, 'its tiles are much larger than the image');
  }
}

function refuse(name: string, what: string, remedy: string): never {
  throw new KnownError(
    'unsupported_file',
    `"${name}" is a TIFF with ${what}, which is not read. ${remedy}`,
  );
}
