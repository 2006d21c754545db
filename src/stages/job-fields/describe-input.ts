import type { StageContext } from '../../flow/stage.ts';
import type { DecodedImage } from '../../formats/decode-image.ts';
import type { Image } from '../../imaging/array.ts';
import type { ChannelRange } from '../../imaging/channel-ranges.ts';
import { channelNamesOf } from './channel-names.ts';

/** How an image was understood. */
interface Understood {
  /** As the file has it. */
  readonly raw: Pick<
    DecodedImage,
    'shape' | 'axes' | 'axesFrom' | 'channelNames' | 'pixelSize' | 'sampleType'
  >;
  /** That of `arrangeAxes`. */
  readonly order: string;
  /** Who says what the axes are. */
  readonly saidBy: 'job' | 'file' | 'guess';
  /** How many channels the image has so. */
  readonly available: number;
  /** The channels that were used, in their order; the same as many as there are in `images` together. */
  readonly channels: readonly number[];
  /** What the models see, each `[batch, row, column, channel]`. */
  readonly images: readonly Image[];
  readonly scale: number;
}

/** The field `input` of a hash, as JSON. */
export interface InputDescription {
  /** Of the file: a letter for each axis, their lengths, and how it stores a value. */
  readonly axes: string;
  readonly shape: readonly number[];
  readonly type: string;
  /** Who says what the axes are: `job`, `guess`, or what the file has for it. */
  readonly axesBy: string;
  /** Images of the batch, and rows and columns of each. */
  readonly images: number;
  readonly size: readonly [rows: number, columns: number];
  /** Of how many channels those below were used. */
  readonly channelsOf: number;
  readonly channels: readonly UsedChannel[];
  readonly scale: number;
  /** In µm, as the file says. */
  readonly pixelSize?: { readonly x: number; readonly y: number };
}

interface UsedChannel {
  readonly channel: number;
  readonly name?: string;
  readonly min: number;
  readonly max: number;
}

/**
 * Notes in the field `input` how an image was understood, and warns of channels that hold one value only. One
 * pass over the pixels, on the compute pool.
 */
export async function describeInput(understood: Understood, context: StageContext): Promise<void> {
  const { compute, signal, note, warn } = context;
  const { images } = understood;
  const ranges = await Promise.all(
    images.map((image) => compute.run('channelRanges', { image }, signal)),
  );
  const description = descriptionOf(understood, ranges.flat());
  for (const remark of remarksOn(description, ranges.flat())) warn(remark);
  note({ input: JSON.stringify(description) });
}

const NO_RANGE: ChannelRange = { min: 0, max: 0, constant: 0 };

function descriptionOf(
  { raw, order, saidBy, available, channels, images, scale }: Understood,
  ranges: readonly ChannelRange[],
): InputDescription {
  const { shape, axes, axesFrom, sampleType, pixelSize } = raw;
  const [batches = 1, rows = 0, columns = 0] = images[0]?.shape ?? [];
  const names = channelNamesOf(raw, order);
  const used = channels.map((channel, at): UsedChannel => {
    const { min, max } = ranges[at] ?? NO_RANGE;
    const name = names[channel];
    return { channel, ...(name !== undefined && { name }), min: short(min), max: short(max) };
  });
  return {
    axes,
    shape,
    type: sampleType,
    axesBy: saidBy === 'file' ? axesFrom : saidBy,
    images: batches,
    size: [rows, columns],
    channelsOf: available,
    channels: used,
    scale: short(scale),
    ...(pixelSize && { pixelSize: { x: short(pixelSize.x), y: short(pixelSize.y) } }),
  };
}

/** As precise as people read it. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}

function remarksOn(
  { channels, images }: InputDescription,
  ranges: readonly ChannelRange[],
): string[] {
  return channels.flatMap(({ channel, name, min }, at) => {
    const { constant } = ranges[at] ?? NO_RANGE;
    const called = name === undefined ? `Channel ${channel}` : `Channel ${channel} (${name})`;
    if (constant === 0) return [];
    if (images === 1) return [`${called} is constant: all of its pixels are ${min}.`];
    return [`${called} is constant in ${constant} of ${images} images.`];
  });
}

/** What there is to say of channels that a job did not choose and that were not used. */
export function remarkOnOthers(
  text: string | undefined,
  available: number,
  used: number,
): string[] {
  const others = available - used;
  // The web page sends the first channel for everybody who does not choose.
  const isChosen = text !== undefined && !/^0,*$/.test(text);
  if (others <= 0 || isChosen) return [];
  const were = others === 1 ? '1 other channel was' : `${others} other channels were`;
  return [`${were} not used; the field channels chooses.`];
}
