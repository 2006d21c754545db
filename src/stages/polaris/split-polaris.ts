import type { ChildSpec, Splits } from '../../flow/family.ts';
import { type Stage, type StageContext, defineStage } from '../../flow/stage.ts';
import type { Image, NdArray } from '../../imaging/array.ts';
import { childrenOfObjects } from '../archive/children-of-objects.ts';
import { keyOfPlane, uploadPlane } from '../archive/upload-plane.ts';
import type { PolarisChild } from './polaris-children.ts';
import { partsNote } from './polaris-parts.ts';

/** A job that the channels in an image of its own are given to. */
interface Piece {
  readonly child: PolarisChild;
  readonly place: number;
  readonly image: Image;
}

const UPLOADS = 2;

/**
 * Makes a child of each part of the work: spots, nuclei and cytoplasm take all images of the batch at
 * once, cells of tissue one image a job, since a mesmer job takes no batch.
 */
export function splitPolaris({
  scale,
}: {
  readonly scale: number;
}): Stage<{ planned: readonly PolarisChild[]; image: Image }, Splits, 'planned' | 'image'> {
  return defineStage({
    name: 'split_polaris',
    concurrency: 2,
    needs: ['planned', 'image'],
    adds: ['children'],
    frees: ['planned', 'image'],
    run: ({ planned, image }, context) => {
      context.note(partsNote(planned, image.shape[0] ?? 0));
      const pieces = piecesOf(planned, image);
      const make = (piece: Piece, signal: AbortSignal): Promise<ChildSpec> =>
        childOf(piece, scale, context, signal);
      const keyOf = (piece: Piece): string => keyOfPlane(objectOf(piece, context));
      const children = childrenOfObjects({ pieces, keyOf, uploads: UPLOADS, make }, context);
      return Promise.resolve({ children, madeFrom: image });
    },
  });
}

function piecesOf(planned: readonly PolarisChild[], image: Image): Piece[] {
  return planned
    .flatMap((child) => {
      if (child.finds !== 'cells') return [{ child, image }];
      return batchItems(image).map((item) => ({ child, image: item }));
    })
    .map((piece, place) => ({ ...piece, place }));
}

function batchItems({ shape: [batches = 0, ...shape], data }: Image): Image[] {
  const length = data.length / Math.max(1, batches);
  return Array.from({ length: batches }, (_, at) => ({
    shape: [1, ...shape],
    data: data.subarray(at * length, (at + 1) * length),
  }));
}

function objectOf({ child, place }: Piece, { job }: StageContext): string {
  return `${job.resultId}-${place}-${child.queue}.tif`;
}

async function childOf(
  piece: Piece,
  scale: number,
  context: StageContext,
  signal: AbortSignal,
): Promise<ChildSpec> {
  const { resultId, originalName } = context.job;
  const { child, image } = piece;
  const { queue, finds, channels, fields: own } = child;
  const name = `${resultId}-${originalName.replaceAll('/', '_')}-${queue}-image.tif`;
  const chosen = await context.compute.run('takeChannels', { image, channels }, context.signal);
  const fields = await uploadPlane(
    { name, object: objectOf(piece, context), ...planesOf(chosen) },
    context,
    signal,
  );
  const order = finds === 'cells' ? { channels: '0,1' } : { dimension_order: 'BXY' };
  return { queue, name, fields: { ...fields, scale: String(scale), ...order, ...own } };
}

/** One image of several channels, or several images of one, as planes: `[plane, row, column]`. */
function planesOf({ shape: [batches = 0, rows = 0, columns = 0, channels = 1], data }: Image): {
  readonly image: NdArray<Float32Array>;
  readonly axes: string;
} {
  if (channels === 1) return { image: { shape: [batches, rows, columns], data }, axes: 'TYX' };
  const area = rows * columns;
  const planes = new Float32Array(data.length);
  for (let pixel = 0; pixel < area; pixel++) {
    for (let c = 0; c < channels; c++) planes[c * area + pixel] = data[pixel * channels + c];
  }
  return { image: { shape: [channels, rows, columns], data: planes }, axes: 'CYX' };
}
