import type { StageContext } from '../../flow/stage.ts';
import type { DecodedImage } from '../../formats/decode-image.ts';
import type { Image } from '../../imaging/array.ts';
import { type AxisOrder, readAxisOrder } from '../job-fields/read-axis-order.ts';
import { checkExtent } from './check-size.ts';

interface Arranged extends AxisOrder {
  /** `[batch, row, column, channel]`. */
  readonly image: Image;
}

/**
 * Brings an image to `[batch, row, column, channel]`, by what the job says of its axes, or else the
 * file, or else their lengths, and refuses one that is larger than the settings allow.
 */
export async function arrange(
  raw: DecodedImage,
  { job, limits, compute, signal, warn }: StageContext,
): Promise<Arranged> {
  const axes = readAxisOrder(job, raw);
  for (const remark of axes.remarks) warn(remark);
  const image = await compute.run('arrangeAxes', { array: raw, order: axes.order }, signal);
  checkExtent(image, limits);
  return { ...axes, image };
}

/** Says of pages that were taken for channels, because nobody says that they are frames, what to do if they are. */
export function planesAsChannels(planes: number, used?: number): string {
  const of = used === undefined ? '' : `, of which ${used} ${used === 1 ? 'was' : 'were'} used`;
  return (
    `Neither the job nor the file says what its ${planes} planes are. They were taken for channels${of}. ` +
    'If they are frames, give dimension_order "BXY".'
  );
}
