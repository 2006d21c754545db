/** Some of the channels of an array whose last axis is the channel. */
export interface ChannelPick {
  /** Channels that the array has. */
  readonly depth: number;
  /** Those that are taken, in this order. */
  readonly channels: readonly number[];
}

/**
 * What to take of an output of this shape of which some channels are wanted: those that it has. Undefined for all of
 * it, as where the shape is not `[tile, row, column, channel]`.
 */
export function channelPick(
  shape: readonly number[],
  wanted: readonly number[] | undefined,
): ChannelPick | undefined {
  const [, , , depth] = shape;
  if (depth === undefined || shape.length > 4 || wanted === undefined) return undefined;
  const channels = wanted.filter((channel) => channel < depth);
  return channels.length === depth ? undefined : { depth, channels };
}

const FLOAT32 = Float32Array.BYTES_PER_ELEMENT;

/**
 * Copies some channels of float32 elements, little endian, wherever they begin, into the memory of `target` from its
 * element `at` on.
 */
export function copyChannels(
  source: Uint8Array,
  { depth, channels }: ChannelPick,
  target: Float32Array,
  at = 0,
): void {
  const pixels = source.length / (depth * FLOAT32);
  const kept = channels.length;
  if (at + pixels * kept > target.length)
    throw new RangeError('more elements than there is room for');
  const elements = new DataView(source.buffer, source.byteOffset, source.length);
  for (const [place, channel] of channels.entries()) {
    let from = channel * FLOAT32;
    let to = at + place;
    for (let pixel = 0; pixel < pixels; pixel++) {
      target[to] = elements.getFloat32(from, true);
      from += depth * FLOAT32;
      to += kept;
    }
  }
}
