import type { DecodedImage } from '../../../src/formats/decode-image.ts';
import { type NdArray, sizeOf } from '../../../src/imaging/array.ts';

/** An array as if a file had held it: its axes are named, or else nothing is known of them. */
export function describedImage(
  { shape, data }: NdArray<Float32Array>,
  axes = 'Q'.repeat(shape.length),
): DecodedImage {
  return {
    shape,
    data,
    axes,
    axesFrom: 'a test',
    channelNames: [],
    sampleType: 'float32',
    notes: [],
    blankPlanes: [],
  };
}

/** An array whose elements count from 0. */
export function counting(...shape: readonly number[]): NdArray<Float32Array> {
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, at) => at) };
}
