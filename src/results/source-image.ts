import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { KnownError, messageOf } from '../errors.ts';
import { type DecodedImage, decodeImage, describeImage } from '../formats/decode-image.ts';
import type { PixelSize } from '../formats/image-description.ts';
import { isTrackName } from '../formats/track-file.ts';
import { type Job, unqueuedJob } from '../job/job.ts';
import { type Image, sizeOf } from '../imaging/array.ts';
import { arrangeAxes } from '../imaging/axes.ts';
import type { JobFields } from '../ports.ts';
import { readAxisOrder } from '../stages/job-fields/read-axis-order.ts';
import { mesmerOrder } from '../stages/plan/mesmer-order.ts';
import { shapeWords } from '../imaging/shape-words.ts';
import { readTrackSource } from './track-source.ts';

/** The image of a job as the consumer has oriented it. */
export interface SourceImage {
  /** float32 `[batch, row, column, channel]`. */
  readonly image: Image;
  /** One for each channel; empty if the file names none. */
  readonly channelNames: readonly string[];
  readonly pixelSize: PixelSize | undefined;
}

/** Of a file of labels. */
interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** Batch items that the image has at least. */
  readonly frames: number;
}

/** Images with more values than this are not read again: 1 GiB. */
const MOST_VALUES = 2 ** 28;
const MOST_BYTES = 4 * MOST_VALUES;
const NO_LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 31 - 1 };

/**
 * Reads the image that a job was about and orients it as the consumer did, which the extent of the
 * labels proves. Rejects with a `KnownError` that says why that is not possible.
 */
export async function readSourceImage(
  path: string,
  fields: JobFields,
  extent: Extent,
): Promise<SourceImage> {
  const name = basename(path);
  if (isTrackName(path))
    return ofMovie(await readTrackSource(path, { name, maxBytes: MOST_BYTES }));
  const file = await fileOf(path);
  const described = describeImage({ bytes: file, name, limits: NO_LIMITS });
  if (sizeOf(described.shape) > MOST_VALUES) {
    throw new KnownError('image_too_large', `"${name}" is too large to be drawn and measured.`);
  }
  const decoded = decodeImage({ bytes: file, name, limits: NO_LIMITS });
  const { channelNames } = decoded;
  const pixelSize = pixelSizeOf(fields) ?? decoded.pixelSize;
  const image = orientations(decoded, unqueuedJob({ originalName: name, fields })).find((one) =>
    hasExtent(one, extent),
  );
  if (image === undefined) throw mismatch(decoded, extent);
  const isNamed = channelNames.length === image.shape[3];
  return { image, channelNames: isNamed ? channelNames : [], pixelSize };
}

function ofMovie(image: Image): SourceImage {
  return { image, channelNames: [], pixelSize: undefined };
}

/** What the job says of the size of a pixel, in µm. */
function pixelSizeOf({ pixel_size: text = '' }: JobFields): PixelSize | undefined {
  const size = Number(text);
  return text.trim() !== '' && size > 0 && size < Infinity ? { x: size, y: size } : undefined;
}

async function fileOf(path: string): Promise<Buffer> {
  try {
    if ((await stat(path)).size > NO_LIMITS.maxFileBytes) throw new Error('it is too large');
    return await readFile(path);
  } catch (cause) {
    const message = messageOf(cause);
    throw new KnownError('missing_object', `"${path}" cannot be read: ${message}`, { cause });
  }
}

/** The image in each orientation that a workflow may have given it, the likeliest first. */
function* orientations(decoded: DecodedImage, job: Job): Generator<Image> {
  // Mesmer notes it in the hash.
  const isMesmer = job.fields['dim_order'] !== undefined;
  const usual = (): string => readAxisOrder(job, decoded).order;
  const ofMesmer = (): string => mesmerOrder(job, decoded).order;
  /** Frames, then rows and columns. */
  const ofMovies = (): string => `${'B'.repeat(Math.max(0, decoded.shape.length - 2))}XY`;
  const first = isMesmer ? [ofMesmer, usual] : [usual, ofMesmer];
  for (const read of [...first, ofMovies]) {
    const image = arranged(decoded, read);
    if (image !== undefined) yield image;
  }
}

function arranged(array: DecodedImage, read: () => string): Image | undefined {
  try {
    return arrangeAxes({ array, order: read() });
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}

function hasExtent({ shape }: Image, { rows, columns, frames }: Extent): boolean {
  return (shape[0] ?? 0) >= frames && shape[1] === rows && shape[2] === columns;
}

function mismatch({ shape }: DecodedImage, { rows, columns }: Extent): KnownError {
  return new KnownError(
    'wrong_dimensions',
    `The labels are ${rows} × ${columns}, which fits no reading of the image (shape ${shapeWords(shape)}).`,
  );
}
