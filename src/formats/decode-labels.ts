import { type Labels, sharedInt32, sizeOf } from '../imaging/array.ts';
import { decodeImage } from './decode-image.ts';

/**
 * Reads a label image from the result of a segmentation: int32 `[row, column]`. As the reference, keeps the
 * lower 16 bits of labels. Throws as `decodeImage`.
 */
export function decodeLabels(file: Parameters<typeof decodeImage>[0]): Labels {
  const { shape, data } = decodeImage(file);
  const labels = sharedInt32(sizeOf(shape));
  for (let i = 0; i < labels.length; i++) labels[i] = data[i] & 0xffff;
  return { shape: shape.slice(-2), data: labels };
}
