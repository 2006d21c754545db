import { type ChildSpec, type Splits, inheritedFields } from '../../flow/family.ts';
import { type Stage, defineStage } from '../../flow/stage.ts';
import { type Image, type NdArray, sharedFloat32 } from '../../imaging/array.ts';
import { resultStem } from '../results/result-file.ts';
import { childrenOfObjects } from './children-of-objects.ts';
import { keyOfPlane, uploadPlane } from './upload-plane.ts';

const UPLOADS = 4;

/**
 * Makes a child of each image of a stack, such as the positions of a plate: `<name>_position_<n>.tif`, with
 * what the user asked for. The children go to `queue`, in lower case.
 *
 * @example
 * const split = pipeline(
 *   download,
 *   describeImage,
 *   decodeImage,
 *   orient(),
 *   splitPositions({ queue: 'segmentation' }),
 * );
 */
export function splitPositions({
  queue,
}: {
  readonly queue: string;
}): Stage<{ image: Image }, Splits> {
  if (typeof queue !== 'string' || queue === '') {
    throw new TypeError("splitPositions needs a queue: { queue: 'segmentation' }.");
  }
  return defineStage({
    name: 'split_positions',
    concurrency: 2,
    needs: ['image'],
    adds: ['children'],
    run: async ({ image }, context) => {
      const { job } = context;
      const [positions = 0] = image.shape;
      const numbers = Array.from({ length: positions }, (_, position) => position);
      const objectOf = (position: number): string => `${job.resultId}-position-${position}.tif`;
      const make = async (position: number, signal: AbortSignal): Promise<ChildSpec> => {
        const name = `${resultStem(job)}_position_${position}.tif`;
        const object = objectOf(position);
        const plane = { name, object, image: positionOf(image, position), axes: 'CYX' };
        const fields = await uploadPlane(plane, context, signal);
        const asked = { ...inheritedFields(job.fields), dimension_order: 'CXY' };
        return { queue: queue.toLowerCase(), name, fields: { ...asked, ...fields } };
      };
      const keyOf = (position: number): string => keyOfPlane(objectOf(position));
      const making = { pieces: numbers, keyOf, uploads: UPLOADS, make };
      const children = childrenOfObjects(making, context);
      return { children, madeFrom: image, footprint: UPLOADS * bytesOf(image) };
    },
  });
}

/** One image of `[batch, row, column, channel]`, as `[channel, row, column]`. */
export function positionOf({ shape, data }: Image, position: number): NdArray<Float32Array> {
  const [, rows = 0, columns = 0, channels = 1] = shape;
  const area = rows * columns;
  const from = data.subarray(position * area * channels, (position + 1) * area * channels);
  const plane = sharedFloat32(area * channels);
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < area; at++)
      plane[channel * area + at] = from[at * channels + channel] ?? 0;
  }
  return { shape: [channels, rows, columns], data: plane };
}

/** Of one position, as an array and encoded. */
function bytesOf({ shape: [positions = 1], data }: Image): number {
  return (2 * data.byteLength) / Math.max(1, positions);
}
