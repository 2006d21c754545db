import { type Image, type Labels, type Numbers, sharedFloat32, sharedInt32 } from '../array.ts';
import type { Size } from '../plane.ts';
import { resizeAntiAliased } from './resize-anti-aliased.ts';
import { resizeLinear } from './resize-linear.ts';

/** An image that is to get another size. */
interface ImageResize {
  readonly image: Image;
  readonly size: Size;
}

/**
 * Resizes images `[batch, row, column, channel]`, float32, as the reference does: images of one channel as OpenCV's
 * INTER_LINEAR, of several as scikit-image's `resize` of order 1 with anti-aliasing and zeros outside, which darkens
 * their border.
 */
export function resizeImage({ image, size }: ImageResize): Image {
  const [batches = 0, rows = 0, columns = 0, channels = 0] = image.shape;
  const out = sharedFloat32(batches * size[0] * size[1] * channels);
  const [length, resized] = [rows * columns * channels, size[0] * size[1] * channels];
  for (let b = 0; b < batches; b++) {
    const item = {
      data: image.data.subarray(b * length, (b + 1) * length),
      rows,
      columns,
      channels,
    };
    const target = out.subarray(b * resized, (b + 1) * resized);
    if (channels === 1) resizeLinear(item, size, target);
    else resizeAntiAliased(item, size, target);
  }
  return { shape: [batches, ...size, channels], data: out };
}

/**
 * Resizes label images `[batch, row, column, channel]`, int32, to the nearest pixel: images of one channel as OpenCV's
 * INTER_NEAREST (corners aligned), of several as scikit-image's `resize` of order 0 (centres aligned). The two differ.
 */
export function resizeLabels({
  labels,
  size,
}: {
  readonly labels: Labels;
  readonly size: Size;
}): Labels {
  const { shape, data } = labels;
  const [batches = 0, rows = 0, columns = 0, channels = 0] = shape;
  const out = sharedInt32(batches * size[0] * size[1] * channels);
  if (channels === 1) {
    // The reference squeezes what it gives to OpenCV: a single row becomes a single column.
    const [height, width] = rows === 1 ? [columns, rows] : [rows, columns];
    takeNearest({ data, shape: [batches, height, width, 1], size, place: cornerAligned }, out);
  } else {
    takeNearest({ data, shape, size, place: centreAligned }, out);
  }
  return { shape: [batches, ...size, channels], data: out };
}

/** The rescaling of model-named jobs: each pixel takes its nearest, centres aligned. Float32 in and out. */
export function resizeNearest({ image, size }: ImageResize): Image {
  const { shape, data } = image;
  const [batches = 0, , , channels = 0] = shape;
  const out = sharedFloat32(batches * size[0] * size[1] * channels);
  takeNearest({ data, shape, size, place: centreAligned }, out);
  return { shape: [batches, ...size, channels], data: out };
}

interface Nearest {
  readonly data: Numbers;
  /** `[batch, row, column, channel]` */
  readonly shape: readonly number[];
  readonly size: Size;
  /** The source of each place along an axis. */
  readonly place: (from: number, to: number) => Int32Array;
}

function takeNearest({ data, shape, size, place }: Nearest, out: Numbers): void {
  const [batches = 0, rows = 0, columns = 0, channels = 0] = shape;
  const ys = place(rows, size[0]);
  const xs = place(columns, size[1]);
  const line = xs.length * channels;
  for (let target = 0; target < batches * ys.length; target++) {
    const k = target % ys.length;
    const at = target * line;
    if (k > 0 && ys[k] === ys[k - 1]) {
      out.copyWithin(at, at - line, at);
      continue;
    }
    const row = (((target - k) / ys.length) * rows + ys[k]) * columns;
    for (let x = 0; x < xs.length; x++) {
      const pixel = (row + xs[x]) * channels;
      for (let c = 0; c < channels; c++) out[at + x * channels + c] = data[pixel + c];
    }
  }
}

function cornerAligned(from: number, to: number): Int32Array {
  const scale = 1 / (to / from);
  return Int32Array.from({ length: to }, (_, k) => Math.min(Math.floor(k * scale), from - 1));
}

function centreAligned(from: number, to: number): Int32Array {
  const scale = from / to;
  return Int32Array.from({ length: to }, (_, k) =>
    Math.min(Math.max(Math.floor((k + 0.5) * scale - 0.5 + 0.5), 0), from - 1),
  );
}
