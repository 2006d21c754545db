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
/** Scratch arrays of resizing and normalisation, for each pixel of a channel before or after, where there are more. */
const PREPARING = 12;
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

/** Of `prepareImage`: the image as the model sees it, once resized and once normalised. */
export function preparingBytes({ application, image, scale }: Pass, thread: Thread): number {
  const [batches = 1, rows = 0, columns = 0, channels = 1] = image.shape;
  const pixels = sizeOf(preparedSize(application, [rows, columns], scale));
  const scratch = Math.max(pixels, rows * columns) * PREPARING;
  return pixels * 2 * FLOAT32 * batches * channels + beyond(scratch, thread);
}

/** Of `finishImage`: label images at both sizes, and scratch arrays. */
export function finishingBytes({ heads, size }: PredictedPass, thread: Thread): number {
  const plane = largestPlane(heads);
  return (plane + sizeOf(size)) * labelBytes(heads) + beyond(plane * FINISHING, thread);
}

function beyond(scratch: number, { scratchBytes = 0 }: Thread): number {
  return Math.max(0, scratch - scratchBytes);
}

/** Two heads make a channel of labels. */
function labelBytes(heads: readonly Image[]): number {
  const batches = heads[0]?.shape[0] ?? 1;
  return FLOAT32 * batches * Math.max(1, heads.length / 2);
}

function largestPlane(heads: readonly Image[]): number {
  return Math.max(0, ...heads.map(({ shape: [, rows = 0, columns = 0] }) => rows * columns));
}

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
