import type { ImageDescription } from '../../formats/image-description.ts';
import { sizeOf } from '../../imaging/array.ts';

/** What is known of an image before its axes are arranged. */
export type Axes = Pick<ImageDescription, 'shape' | 'axes' | 'axesFrom' | 'misfit'>;

const NAMES: Readonly<Record<string, string>> = {
  T: 'frame',
  Z: 'slice',
  C: 'channel',
  S: 'sample',
  I: 'page',
  Q: 'unknown part',
};

/** The axes of an image in words: "3 frames, 2 channels, 96 × 128 pixels". */
export function describeAxes({ shape, axes }: Pick<Axes, 'shape' | 'axes'>): string {
  const length = (axis: string): number => shape[axes.indexOf(axis)] ?? 1;
  const others = shape.flatMap((size, at) => {
    const name = NAMES[axes[at] ?? ''];
    return name === undefined ? [] : [`${size} ${name}${size === 1 ? '' : 's'}`];
  });
  return [...others, `${length('Y')} × ${length('X')} pixels`].join(', ');
}

/** What an order makes of a shape, in words: "128 images of 3 × 96 pixels and 1 channel". */
export function describeOrder(order: string, shape: readonly number[]): string {
  const size = (letter: string): number =>
    sizeOf(shape.filter((_, axis) => order[axis] === letter));
  const [images, channels] = [size('B'), size('C')];
  const what = images === 1 ? 'an image' : `${images} images`;
  return `${what} of ${size('X')} × ${size('Y')} pixels and ${channels} channel${channels === 1 ? '' : 's'}`;
}
