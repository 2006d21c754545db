import type { Image } from '../../src/imaging/array.ts';
import { randomPlanes } from './random-planes.ts';
import { seededRandom } from '../../src/seeded-random.ts';

export interface RandomImage {
  readonly name: string;
  /** `[1, row, column, channel]`, one channel or two. */
  readonly image: Image;
}

/** The random planes as images: as they are, as a camera's integers, and next to themselves mirrored. */
export function* randomImages(repeats: number): Generator<RandomImage> {
  for (const { name, size, plane } of randomPlanes(repeats)) {
    const shape = [1, size.rows, size.columns];
    const integers = plane.map((value) => Math.round(value * 1000));
    const pair = new Float32Array(plane.length * 2);
    plane.forEach((value, at) => {
      pair[2 * at] = value;
      pair[2 * at + 1] = plane[plane.length - 1 - at] ?? NaN;
    });
    yield { name, image: { shape: [...shape, 1], data: plane } };
    yield { name: `${name}, integers`, image: { shape: [...shape, 1], data: integers } };
    yield { name: `${name}, two channels`, image: { shape: [...shape, 2], data: pair } };
  }
}

/** An image of random values from 0 to 1. */
export function noise(shape: readonly number[], seed: number): Image {
  const length = shape.reduce((size, axis) => size * axis, 1);
  return { shape, data: Float32Array.from({ length }, seededRandom(seed)) };
}

/** One channel of an image of a single batch item. */
export function channelOf({ shape, data }: Image, channel: number): Float32Array {
  const channels = shape.at(-1) ?? 1;
  return data.filter((_, at) => at % channels === channel);
}
