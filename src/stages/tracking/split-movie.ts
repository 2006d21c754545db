import type { ChildSpec, Splits } from '../../flow/family.ts';
import { type Stage, type StageContext, defineStage } from '../../flow/stage.ts';
import { childrenOfObjects } from '../archive/children-of-objects.ts';
import { isUsableKey } from '../archive/member-keys.ts';
import { keyOfPlane, uploadPlane } from '../archive/upload-plane.ts';
import { isTrackFile, loadMovie } from './load-movie.ts';

const UPLOADS = 4;

/** Makes a child of each frame, whose nuclei are to be found; none of a movie that has labels. */
export function splitMovie({ queue }: { readonly queue: string }): Stage<object, Splits> {
  return defineStage({
    name: 'split_movie',
    concurrency: 2,
    needs: [],
    adds: ['children'],
    run: async (_: object, context) => {
      if (isTrackFile(context.job)) return { children: [] };
      const { movie } = await loadMovie.run({}, context);
      const [frames = 0, rows = 0, columns = 0] = movie.image.shape;
      const area = rows * columns;
      const numbers = Array.from({ length: frames }, (__, frame) => frame);
      const make = async (frame: number, signal: AbortSignal): Promise<ChildSpec> => {
        const data = movie.image.data.subarray(frame * area, (frame + 1) * area);
        const name = frameName(context.job, frame);
        const object = objectOf(frame, context);
        const plane = { name, object, image: { shape: [rows, columns], data }, axes: 'YX' };
        const fields = await uploadPlane(plane, context, signal);
        return { queue, name, fields: { ...fields, channels: '0,,', dimension_order: 'XY' } };
      };
      const keyOf = (frame: number): string => keyOfPlane(objectOf(frame, context));
      const making = { pieces: numbers, keyOf, uploads: UPLOADS, make };
      const children = childrenOfObjects(making, context);
      return { children, madeFrom: movie.image };
    },
  });
}

/** The name of the object of a frame, or a shorter one where a store may not take it. */
function objectOf(frame: number, { bucket, job }: StageContext): string {
  const name = frameName(job, frame);
  if (isUsableKey(keyOfPlane(name), bucket)) return name;
  return `${job.resultId}-tracking-frame-${frame}.tif`;
}

/** The name of the object of a frame. */
export function frameName(
  { resultId, originalName }: { readonly resultId: string; readonly originalName: string },
  frame: number,
): string {
  return `${resultId}-${originalName.replaceAll('/', '_')}-tracking-frame-${frame}.tif`;
}
