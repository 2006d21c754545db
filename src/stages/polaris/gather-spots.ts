import { KnownError } from '../../errors.ts';
import { type StageContext, defineStage } from '../../flow/stage.ts';
import { readNpy } from '../../formats/npy/npy.ts';
import type { NdArray } from '../../imaging/array.ts';
import type { Points } from '../../imaging/spots/spots.ts';
import { childrenDone } from '../archive/children-done.ts';
import type { CollectedResults } from '../archive/collect-results.ts';
import { type ResultFiles, readResultFiles } from '../archive/read-result-files.ts';
import { imagesOf, partsOf, wordsForPart } from './polaris-parts.ts';

/** What was found in one image of the batch. */
export interface SpotsAndCells {
  readonly points: Points;
  /** Label images, float32 `[row, column]`, in the order of the cell columns. */
  readonly labels: readonly NdArray<Float32Array>[];
}

/** Reads the spots and the label images that the children have made. */
export const gatherSpots = defineStage({
  name: 'gather_spots',
  concurrency: 2,
  needs: ['collected'],
  adds: ['gathered'],
  status: 'predicting',
  run: async (_: { collected: CollectedResults }, context) => {
    const parts = partsOf(context.job);
    const words = (place: number): string => wordsForPart(parts, place);
    const [first = '', ...others] = await childrenDone(context, words);
    const points = await pointsIn(first, context);
    checkImages(points.length, imagesOf(context.job));
    const isTissue = parts.includes('cells');
    const files: NdArray<Float32Array>[][] = [];
    // One after the other: archives that wait for memory side by side would block each other.
    for (const name of others) files.push(await labelsIn(name, context));
    // Of tissue a job for each image; else a job for each kind of cells, with a label image for each image.
    const gathered = points.map((found, batch) => ({
      points: found,
      labels: isTissue ? (files[batch] ?? []) : files.flatMap((planes) => planes[batch] ?? []),
    }));
    checkComplete(gathered, isTissue ? undefined : parts.length - 1);
    return { gathered };
  },
});

async function pointsIn(fileName: string, context: StageContext): Promise<Points[]> {
  const { files, release } = await readResultFiles(fileName, /_\d+\.npy$/, context);
  const points = inOrderOf(files).map(([name, bytes]) => pointsOf(readNpy(bytes, name)));
  release();
  return points;
}

/** Without spots the reference's array has an axis of length 0, wherever it stands. */
function pointsOf({ data }: NdArray): Points {
  return { shape: [data.length / 2, 2], data: Float64Array.from(data) };
}

/** Files by the number in front of their ending. */
function inOrderOf(files: ResultFiles['files']): [string, Uint8Array][] {
  const numberOf = ([name]: readonly [string, Uint8Array]): number =>
    Number(/_(\d+)\.npy$/.exec(name)?.[1]);
  return [...files].toSorted((one, other) => numberOf(one) - numberOf(other));
}

async function labelsIn(fileName: string, context: StageContext): Promise<NdArray<Float32Array>[]> {
  const { compute, limits, reserve, signal } = context;
  const { files, release } = await readResultFiles(fileName, /\.tiff?$/, context);
  const planes: NdArray<Float32Array>[] = [];
  for (const [name, bytes] of files) {
    // The array, and once more when the channels are put side by side.
    await reserve(2 * bytes.length);
    const { shape, data } = await compute.run('decodeImage', { bytes, name, limits }, signal);
    planes.push({ shape: shape.slice(-2), data });
  }
  release();
  return planes;
}

/**
 * A spot consumer that guesses which axes are rows and columns may find spots in other images than those of
 * the batch.
 */
function checkImages(found: number, wanted = found): void {
  if (found === wanted) return;
  const message = `The result of the spot job is of ${found} images, but the job has ${wanted}.`;
  throw new KnownError('child_failed', message);
}

/** Each image must have as many label images as the first, of one size. */
function checkComplete(gathered: readonly SpotsAndCells[], wanted: number | undefined): void {
  const [first] = gathered;
  const count = wanted ?? first?.labels.length ?? 0;
  const size = String(first?.labels[0]?.shape ?? '');
  const odd = gathered.findIndex(
    ({ labels }) => labels.length !== count || labels.some(({ shape }) => String(shape) !== size),
  );
  if (gathered.length > 0 && odd < 0 && (wanted !== undefined || count > 0)) return;
  const message =
    gathered.length === 0
      ? 'The result of the spot job holds no spots.'
      : `The results for image ${Math.max(0, odd)} do not fit: ${count} label images of one size are expected.`;
  throw new KnownError('child_failed', message);
}
