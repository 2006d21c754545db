import type { Axes } from '../job-fields/axis-words.ts';

/** An image without its axes of length 1. */
export interface Squeezed extends Axes {
  /** The order for `arrangeAxes` of the whole image, made of the order of the axes that are left. */
  readonly orderOfAll: (order: string) => string;
}

/** Whether it is known which axes are rows and columns. */
export function hasKnownPlane({ axes }: Pick<Axes, 'axes'>): boolean {
  return axes.includes('Y') && axes.includes('X');
}

/** Drops axes of length 1; rows and columns stay where they are known. */
export function squeezeAxes(image: Axes): Squeezed {
  const { shape, axes } = image;
  const isPlane = (axis: number): boolean =>
    hasKnownPlane(image) && 'YX'.includes(axes[axis] ?? '');
  const kept = shape.flatMap((length, axis) => (length !== 1 || isPlane(axis) ? [axis] : []));
  return {
    ...image,
    shape: kept.map((axis) => shape[axis] ?? 1),
    axes: kept.map((axis) => axes[axis]).join(''),
    orderOfAll: (order) => shape.map((_, axis) => order[kept.indexOf(axis)] ?? 'B').join(''),
  };
}

/** The order of axes among which rows and columns are known; the others get the letter `other`. */
export function orderAround({ axes }: Pick<Axes, 'axes'>, other: 'B' | 'C'): string {
  const letters: Readonly<Record<string, string>> = { Y: 'X', X: 'Y' };
  return axes
    .split('')
    .map((axis) => letters[axis] ?? other)
    .join('');
}
