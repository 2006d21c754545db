import { KnownError } from '../../errors.ts';
import { corrupt } from '../corrupt-image.ts';
import { COMPRESSIONS } from './compression.ts';
import { type Directory, TAG } from './header.ts';

export type SampleKind = 'unsigned' | 'signed' | 'float';

/** How one page is stored. */
export interface PageLayout {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly bits: number;
  readonly kind: SampleKind;
  /** Whether each sample has a plane of its own, instead of standing beside the others of its pixel. */
  readonly planar: boolean;
  readonly compression: number;
  readonly predictor: number;
  /** Size of a strip or tile in pixels; the last strip may be shorter. */
  readonly segmentWidth: number;
  readonly segmentHeight: number;
  readonly tiled: boolean;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

const KINDS: Readonly<Record<number, SampleKind>> = {
  1: 'unsigned',
  2: 'signed',
  3: 'float',
  4: 'unsigned',
};
const BITS: Readonly<Record<SampleKind, readonly number[]>> = {
  unsigned: [1, 8, 16, 32, 64],
  signed: [8, 16, 32, 64],
  float: [16, 32, 64],
};
const COMPRESSION_NAMES: Readonly<Record<number, string>> = {
  2: 'CCITT',
  3: 'fax',
  4: 'fax',
  6: 'JPEG',
  7: 'JPEG',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50001: 'WebP',
};

/** Reads how a page is stored and checks that it hangs together and is of a kind that is read. */
export function pageLayout({ numbers }: Directory, name: string, fileBytes: number): PageLayout {
  const one = (tag: number, fallback: number): number => numbers.get(tag)?.[0] ?? fallback;
  const width = one(TAG.width, 0);
  const height = one(TAG.height, 0);
  const tiled = numbers.has(TAG.tileWidth);
  const layout: PageLayout = {
    width,
    height,
    tiled,
    samples: one(TAG.samplesPerPixel, 1),
    bits: one(TAG.bitsPerSample, 1),
    kind: KINDS[one(TAG.sampleFormat, 1)] ?? unsupported(name, 'complex numbers as pixels'),
    planar: one(TAG.planarConfiguration, 1) === 2 && one(TAG.samplesPerPixel, 1) > 1,
    compression: one(TAG.compression, 1),
    predictor: one(TAG.predictor, 1),
    segmentWidth: tiled ? one(TAG.tileWidth, 0) : width,
    segmentHeight: tiled ? one(TAG.tileHeight, 0) : Math.min(height, one(TAG.rowsPerStrip, height)),
    offsets: numbers.get(tiled ? TAG.tileOffsets : TAG.stripOffsets) ?? [],
    byteCounts: numbers.get(tiled ? TAG.tileByteCounts : TAG.stripByteCounts) ?? [],
  };
  checkSupported(layout, numbers.get(TAG.bitsPerSample) ?? [], name);
  checkSegments(layout, name, fileBytes);
  return layout;
}

/** Segments beside and below each other in one plane. */
export function segmentGrid({ width, height, segmentWidth, segmentHeight }: PageLayout): {
  readonly across: number;
  readonly down: number;
} {
  return { across: Math.ceil(width / segmentWidth), down: Math.ceil(height / segmentHeight) };
}

function checkSupported(layout: PageLayout, allBits: readonly number[], name: string): void {
  const { bits, kind, compression, predictor } = layout;
  if (!BITS[kind].includes(bits) || allBits.some((other) => other !== bits)) {
    unsupported(name, `${allBits.join(', ')} bits a sample`);
  }
  if (!COMPRESSIONS.has(compression)) {
    unsupported(
      name,
      `${COMPRESSION_NAMES[compression] ?? `unknown (${compression})`} compression`,
    );
  }
  const floating = predictor === 3 && kind === 'float';
  const horizontal = predictor === 2 && kind !== 'float' && bits >= 8;
  if (predictor !== 1 && !floating && !horizontal) unsupported(name, `predictor ${predictor}`);
}

function checkSegments(layout: PageLayout, name: string, fileBytes: number): void {
  const { width, height, samples, segmentWidth, segmentHeight } = layout;
  if (width < 1 || height < 1 || samples < 1) throw corrupt(name, 'it has no pixels');
  if (segmentWidth < 1 || segmentHeight < 1) throw corrupt(name, 'its tiles have no pixels');
  if (layout.tiled && (segmentWidth > width + 4096 || segmentHeight > height + 4096)) {
    throw corrupt(name, 'its tiles are larger than the image');
  }
  checkOffsets(layout, name, fileBytes);
}

function checkOffsets(layout: PageLayout, name: string, fileBytes: number): void {
  const { samples, planar, offsets, byteCounts } = layout;
  const { across, down } = segmentGrid(layout);
  const expected = across * down * (planar ? samples : 1);
  if (offsets.length < expected || byteCounts.length < expected) {
    throw corrupt(name, `it has ${offsets.length} strips or tiles where ${expected} belong`);
  }
  for (let index = 0; index < expected; index++) {
    const end = (offsets[index] ?? 0) + (byteCounts[index] ?? 0);
    if (end > fileBytes) throw corrupt(name, 'it ends too early');
  }
}

function unsupported(name: string, what: string): never {
  throw new KnownError(
    'unsupported_file',
    `"${name}" is a TIFF with ${what}, which is not read. Save it without compression, or with LZW, deflate, zstd or PackBits.`,
  );
}
