import { KnownError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import { type StageContext, defineStage } from '../../flow/stage.ts';
import { readTarFiles } from '../../formats/archive/read-tar.ts';
import { TRACK_FILES, isTrackName, trackFileOf } from '../../formats/track-file.ts';
import type { Image, Labels } from '../../imaging/array.ts';
import { decodeImage } from '../decode-image.ts';
import { describeImage } from '../describe-image.ts';
import { download } from '../download.ts';
import { fetchWithRoom } from '../fetch-with-room.ts';
import { movieOrder } from './movie-order.ts';

/** A movie; its labels too if the file has them. */
export interface Movie {
  /** float32 `[frame, row, column, channel]` */
  readonly image: Image;
  /** int32 `[frame, row, column, 1]` */
  readonly labels?: Labels;
}

/** Whether the file of a job holds labels, so that it needs no segmentation. */
export function isTrackFile({ inputFileName }: Job): boolean {
  return isTrackName(inputFileName);
}

/** Reads the movie of the job: a stack of frames, whose axes are those that the file names, or a file with labels. */
export const loadMovie = defineStage({
  name: 'load_movie',
  concurrency: 2,
  needs: [],
  adds: ['movie'],
  retry: 'unavailable',
  remote: 'bucket_read',
  run: async (_: object, context): Promise<{ movie: Movie }> => {
    const movie = await (isTrackFile(context.job) ? readLabelled(context) : readStack(context));
    checkFrames(movie.image.shape, context);
    return { movie };
  },
});

async function readLabelled(context: StageContext): Promise<Movie> {
  const { compute, job, limits, moved, signal, tryReserve, warn } = context;
  const files = await fetchWithRoom(context, async ({ body, size }, room) => {
    // The files, and the arrays made of them.
    if (!room.has(3 * (size ?? limits.maxFileBytes))) return undefined;
    return readTarFiles(body, {
      name: job.originalName,
      files: TRACK_FILES,
      maxBytes: limits.maxFileBytes,
      // A packed archive grows beyond its size; what it takes more is at least counted.
      holds: (bytes) => void tryReserve(3 * Math.max(0, bytes - (size ?? 0))),
    });
  });
  const { raw, tracked } = trackFileOf(files);
  moved('in', raw.length + tracked.length);
  const { image, labels, notes } = await compute.run('readTrackFile', { raw, tracked }, signal);
  for (const note of notes) warn(note);
  return { image, labels };
}

async function readStack(context: StageContext): Promise<Movie> {
  const { compute, reserve, signal } = context;
  const { file } = await download.run({}, context);
  const { described } = await describeImage.run({ file }, context);
  const order = movieOrder(described);
  const { raw } = await decodeImage.run({ file, described }, context);
  // Frames that do not come first are copied.
  if (!/^B*XY$/.test(order)) await reserve(raw.data.byteLength);
  return { image: await compute.run('arrangeAxes', { array: raw, order }, signal) };
}

function checkFrames([frames = 0]: readonly number[], { limits, job }: StageContext): void {
  if (limits.maxFrames === 0 || frames <= limits.maxFrames) return;
  throw new KnownError(
    'image_too_large',
    `"${job.originalName}" has ${frames} frames; at most ${limits.maxFrames} are allowed (MAX_IMAGE_FRAMES).`,
  );
}
