import { KnownError } from '../../errors.ts';
import { type StageContext, defineStage } from '../../flow/stage.ts';
import { type Labels, sharedInt32 } from '../../imaging/array.ts';
import { childrenDone } from '../archive/children-done.ts';
import type { CollectedResults } from '../archive/collect-results.ts';
import { readResultFiles } from '../archive/read-result-files.ts';
import { loadMovie } from './load-movie.ts';

/** Reads the movie and the labels of its frames, which its children have made unless the file has them. */
export const labelMovie = defineStage({
  name: 'label_movie',
  concurrency: 2,
  needs: ['collected'],
  adds: ['movie'],
  status: 'predicting',
  run: async (_: { collected: CollectedResults }, context) => {
    // The first frame that failed fails the job.
    const results = await childrenDone(context, (frame) => `Frame ${frame}`);
    const { movie } = await loadMovie.run({}, context);
    const labels = movie.labels ?? (await labelsOf(movie.image.shape, results, context));
    return { movie: { image: movie.image, labels } };
  },
});

async function labelsOf(
  [frames = 0, rows = 0, columns = 0]: readonly number[],
  results: readonly string[],
  context: StageContext,
): Promise<Labels> {
  if (results.length !== frames) {
    const message = `Only ${results.length} of ${frames} frames have a result.`;
    throw new KnownError('child_failed', message);
  }
  const area = rows * columns;
  const data = sharedInt32(frames * area);
  for (const [frame, fileName] of results.entries()) {
    const result = { frame, fileName };
    data.set(await frameLabels(result, [rows, columns], context), frame * area);
  }
  return { shape: [frames, rows, columns, 1], data };
}

interface FrameResult {
  readonly frame: number;
  readonly fileName: string;
}

async function frameLabels(
  { frame, fileName }: FrameResult,
  size: readonly number[],
  context: StageContext,
): Promise<Int32Array> {
  const { compute, limits, signal } = context;
  const { files, release } = await readResultFiles(fileName, /^/, context);
  const [[name, bytes] = ['', new Uint8Array()]] = files;
  if (files.size !== 1) {
    const message = `The result of frame ${frame} has ${files.size} files; one is expected.`;
    throw new KnownError('child_failed', message);
  }
  const labels = await compute.run('decodeLabels', { bytes, name, limits }, signal);
  release();
  if (labels.shape.join() === size.join()) return labels.data;
  const shapes = `${labels.shape.join(' × ')}, not ${size.join(' × ')}`;
  throw new KnownError('child_failed', `The labels of frame ${frame} are ${shapes} pixels.`);
}
