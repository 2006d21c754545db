import { KnownError } from '../../errors.ts';
import { type StageContext, defineStage } from '../../flow/stage.ts';
import { type Labels, sharedInt32 } from '../../imaging/array.ts';
import type { EndedChild } from '../../ports.ts';
import type { CollectedResults } from '../archive/collect-results.ts';
import { readResultFiles } from '../archive/read-result-files.ts';
import { removeTemporary } from '../archive/remove-temporary.ts';
import { loadMovie } from './load-movie.ts';
import { frameName } from './split-movie.ts';

/** Reads the movie and the labels of its frames, which its children have made unless the file has them. */
export const labelMovie = defineStage({
  name: 'label_movie',
  concurrency: 2,
  status: 'predicting',
  run: async ({ collected }: { collected: CollectedResults }, context) => {
    await checkFrames(collected, context);
    const { movie } = await loadMovie.run({}, context);
    const labels = movie.labels ?? (await labelsOf(movie.image.shape, context));
    return { movie: { image: movie.image, labels } };
  },
});

/** The first frame that failed, by its place, fails the job; what was made for it is removed. */
async function checkFrames(collected: CollectedResults, context: StageContext): Promise<void> {
  for await (const child of context.family.children(['reason', 'output_file_name'])) {
    if (child.outcome === 'done' && child.fields['output_file_name'] !== undefined) continue;
    const frames = Number(context.job.fields['children:total'] ?? 0);
    const inputs = Array.from(
      { length: frames },
      (_, at) => `output/${frameName(context.job, at)}`,
    );
    await removeTemporary.run({ collected: { ...collected, inputs } }, context);
    const reason = child.fields['reason'] ?? 'its job has expired or was deleted.';
    throw new KnownError('child_failed', `Frame ${child.place} failed: ${reason}`);
  }
}

async function labelsOf(
  [frames = 0, rows = 0, columns = 0]: readonly number[],
  context: StageContext,
): Promise<Labels> {
  const area = rows * columns;
  const data = sharedInt32(frames * area);
  let read = 0;
  for await (const child of context.family.children(['output_file_name'])) {
    data.set(await frameLabels(child, [rows, columns], context), child.place * area);
    read++;
  }
  if (read === frames) return { shape: [frames, rows, columns, 1], data };
  throw new KnownError('child_failed', `Only ${read} of ${frames} frames have a result.`);
}

async function frameLabels(
  { place, fields }: EndedChild,
  size: readonly number[],
  context: StageContext,
): Promise<Int32Array> {
  const { compute, limits, signal } = context;
  const { files, release } = await readResultFiles(fields['output_file_name'] ?? '', /^/, context);
  const [[name, bytes] = ['', new Uint8Array()]] = files;
  if (files.size !== 1) {
    const message = `The result of frame ${place} has ${files.size} files; one is expected.`;
    throw new KnownError('child_failed', message);
  }
  const labels = await compute.run('decodeLabels', { bytes, name, limits }, signal);
  release();
  if (labels.shape.join() === size.join()) return labels.data;
  const shapes = `${labels.shape.join(' × ')}, not ${size.join(' × ')}`;
  throw new KnownError('child_failed', `The labels of frame ${place} are ${shapes} pixels.`);
}
