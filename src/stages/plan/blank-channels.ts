import { KnownError } from '../../errors.ts';
import type { DecodedImage } from '../../formats/decode-image.ts';
import { hasKnownPlane } from './squeeze-axes.ts';

/**
 * Refuses a channel that a job uses and of which the file holds no pixel, in any image of the batch:
 * a result of it would be blank. `order` is that of `arrangeAxes`.
 */
export function refuseBlankChannels(
  { shape, axes, blankPlanes }: Pick<DecodedImage, 'shape' | 'axes' | 'blankPlanes'>,
  order: string,
  channels: readonly number[],
): void {
  const isPlane = (axis: number): boolean =>
    hasKnownPlane({ axes }) ? 'YX'.includes(axes[axis] ?? '') : axis >= shape.length - 2;
  const others = shape.flatMap((length, axis) =>
    isPlane(axis) ? [] : [{ length, letter: order[axis] }],
  );
  // Planes say nothing about channels that do not consist of planes.
  if (others.some(({ letter }) => letter === 'X' || letter === 'Y')) return;
  const images = others.reduce(
    (product, { length, letter }) => product * (letter === 'B' ? length : 1),
    1,
  );
  const blank = new Map<number, number>();
  for (const plane of blankPlanes) {
    const channel = channelOf(plane, others);
    blank.set(channel, (blank.get(channel) ?? 0) + 1);
  }
  const empty = channels.find((channel) => (blank.get(channel) ?? 0) >= images);
  if (empty === undefined) return;
  throw new KnownError(
    'blank_image',
    `Channel ${empty} of the image has no values: its planes are not in the file, or hold only NaN and infinity.`,
  );
}

interface Axis {
  readonly length: number;
  readonly letter: string | undefined;
}

/** The channel that a plane belongs to; planes are numbered by these axes, the last varying fastest. */
function channelOf(plane: number, axes: readonly Axis[]): number {
  let rest = plane;
  let channel = 0;
  let weight = 1;
  for (const { length, letter } of axes.toReversed()) {
    const place = rest % length;
    rest = (rest - place) / length;
    if (letter !== 'C') continue;
    channel += place * weight;
    weight *= length;
  }
  return channel;
}
