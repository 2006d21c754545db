import type { DecodedImage } from '../../formats/decode-image.ts';
import { preparedSize } from '../../imaging/applications/run-application.ts';
import { type Image, sizeOf } from '../../imaging/array.ts';
import type { Pass, PredictedPass } from './passes.ts';

/*
 * What the steps of a pass take besides the arrays that they are given, in bytes. The figures for scratch
 * arrays are measured: see the test. Each thread has memory for some of those, which no job needs to reserve:
 * only as many jobs need any as there are threads.
 */

/** Bytes of scratch arrays that a thread has memory for. */
interface Thread {
  readonly scratchBytes?: number;
}

const FLOAT32 = 4;
const INT32 = 4;
/** Scratch arrays of resizing and normalisation, for each pixel of a channel before or after, where there are more. */
const PREPARING = 14;
/** Scratch arrays of the watershed and its markers, for each pixel as the model sees it. */
const FINISHING = 36;

/**
 * Copies of the image that a plan makes at most: its axes in order, its channels apart, and one of them to
 * ask about.
 */
const PLANNING = 3;

/** Of a plan: the image in other orders and parts. */
export function planningBytes({ raw }: { readonly raw: DecodedImage }): number {
  return PLANNING * raw.data.byteLength;
}

/** Of `prepareImage`: the image as the model sees it, after resizing, if its size changes, and after each step. */
export function preparingBytes({ application, image, scale }: Pass, thread: Thread): number {
  const [batches = 1, rows = 0, columns = 0, channels = 1] = image.shape;
  const size = preparedSize(application, [rows, columns], scale);
  const pixels = sizeOf(size);
  const steps = application.preprocess.filter(({ kind }) => kind !== 'none').length;
  const images = (isOfSize(image, size) ? 0 : 1) + steps;
  const scratch = Math.max(pixels, rows * columns) * PREPARING;
  return pixels * images * FLOAT32 * batches * channels + beyond(scratch, thread);
}

/** Of `finishImage`: labels as the model sees them and, if that differs, at the size of the image; scratch arrays. */
export function finishingBytes({ heads, size }: PredictedPass, thread: Thread): number {
  const plane = largestPlane(heads);
  const batches = heads[0]?.shape[0] ?? 1;
  // Two heads make a channel of labels.
  const channels = Math.max(1, heads.length / 2);
  const resized = heads.every((head) => isOfSize(head, size)) ? 0 : sizeOf(size);
  const labels = (plane + resized) * INT32 * batches * channels;
  return labels + beyond(plane * FINISHING, thread);
}

function beyond(scratch: number, { scratchBytes = 0 }: Thread): number {
  return Math.max(0, scratch - scratchBytes);
}

function isOfSize({ shape: [, rows, columns] }: Image, size: PredictedPass['size']): boolean {
  return rows === size[0] && columns === size[1];
}

function largestPlane(heads: readonly Image[]): number {
  return Math.max(0, ...heads.map(({ shape: [, rows = 0, columns = 0] }) => rows * columns));
}

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
