import { KnownError } from '../../errors.ts';
import { inOrder } from '../../flow/in-order.ts';
import { type Stage, type StageContext, defineStage } from '../../flow/stage.ts';
import type { Image, Labels, NdArray } from '../../imaging/array.ts';
import type {
  Comparison,
  Track,
  TrackedCells,
  TrackingOptions,
} from '../../imaging/tracking/cell-tracker.ts';
import type { MovieObjects } from '../../imaging/tracking/movie-objects.ts';
import { checkCounts, trackCells } from '../../imaging/tracking/track-cells.ts';
import type { AppearanceOptions } from '../../imaging/tracking/tracking-features.ts';
import type { ModelName } from '../../ports.ts';
import { APPEARANCE_INPUT, encodeFrame } from './encode-frame.ts';
import { encodingBytes } from './tracking-memory.ts';

export interface TrackingSettings extends TrackingOptions, AppearanceOptions {
  readonly encoder: ModelName;
  readonly model: ModelName;
  /** Cells nearer than this many pixels are neighbours. */
  readonly neighbourDistance: number;
}

interface LabelledMovie {
  readonly image: Image;
  readonly labels: Labels;
}

/** Frames that are described and encoded at a time. */
const FRAMES_IN_FLIGHT = 4;

/** Links the cells of a movie into tracks, with a model that encodes cells and one that compares them. */
export function trackMovie(
  settings: TrackingSettings,
): Stage<{ movie: LabelledMovie }, { tracked: Labels; tracks: readonly Track[] }, 'movie'> {
  return defineStage({
    name: 'track',
    concurrency: 2,
    needs: ['movie'],
    adds: ['tracked', 'tracks'],
    timing: 'prediction_time',
    frees: ['movie'],
    run: async ({ movie }, context) => {
      const { compute, progress, signal } = context;
      await checkChannels(movie.image, settings.encoder, context);
      const objects = await compute.run('numberObjects', movie.labels, signal);
      checkCounts(objects.counts);
      await context.reserve(
        encodingBytes({
          frames: objects.counts.length,
          atATime: FRAMES_IN_FLIGHT,
          slots: Math.max(...objects.counts),
          appearanceSize: settings.appearanceSize,
          channels: movie.image.shape[3] ?? 1,
        }),
      );
      const cells = await encodedCells({ image: movie.image, objects }, settings, context);
      const { tracks, labels } = await trackCells(cells, settings, {
        compare: (comparison) => compare(settings.model, comparison, context),
        assign: (input) => compute.run('assignCells', input, signal),
        onFrame: (frames) => progress(frames / objects.counts.length),
      });
      return { tracked: await compute.run('trackedLabels', { objects, labels }, signal), tracks };
    },
  });
}

/** The encoder sees all channels of a movie at once; a stack of frames has one, a .trk file may have several. */
async function checkChannels(
  { shape: [, , , channels = 1] }: Image,
  { name, version }: ModelName,
  { job, models, signal }: StageContext,
): Promise<void> {
  const { inputs } = await models.signature({ name, version }, signal);
  const taken = inputs.find((input) => input.name === APPEARANCE_INPUT)?.shape?.at(-1) ?? -1;
  if (taken < 0 || taken === channels) return;
  throw new KnownError(
    'wrong_dimensions',
    `"${job.originalName}" has ${channels} channels, but model ${name}:${version} takes ` +
      `${taken}. Save a file with the channel to track by.`,
  );
}

interface NumberedMovie {
  readonly image: Image;
  readonly objects: MovieObjects;
}

async function encodedCells(
  { image, objects }: NumberedMovie,
  settings: TrackingSettings,
  context: StageContext,
): Promise<TrackedCells> {
  const { counts } = objects;
  const slots = Math.max(...counts);
  const frames = inOrder([...counts.keys()], FRAMES_IN_FLIGHT, (frame, signal) =>
    encodeFrame(
      { ...settings, image, labels: objects.labels, frame, slots },
      { ...context, signal },
    ),
  );
  const embeddings: NdArray<Float32Array>[] = [];
  const centroids: NdArray<Float32Array>[] = [];
  for await (const frame of frames) {
    embeddings.push(frame.embedding);
    centroids.push(frame.centroids);
  }
  return { counts, embeddings: stacked(embeddings), centroids: stacked(centroids) };
}

/** Batches of one as one batch. */
function stacked(rows: readonly NdArray<Float32Array>[]): NdArray<Float32Array> {
  const [, ...shape] = rows[0]?.shape ?? [];
  const length = rows[0]?.data.length ?? 0;
  const data = new Float32Array(rows.length * length);
  for (const [index, row] of rows.entries()) data.set(row.data, index * length);
  return { shape: [rows.length, ...shape], data };
}

async function compare(
  model: ModelName,
  comparison: Comparison,
  { job, models, signal }: StageContext,
): Promise<NdArray<Float32Array>> {
  const { outputs, release } = await models.predict({
    model,
    inputs: {
      current_embeddings: comparison.currentEmbeddings,
      current_centroids: comparison.currentCentroids,
      future_embeddings: comparison.futureEmbeddings,
      future_centroids: comparison.futureCentroids,
    },
    job: job.key,
    queue: job.queue,
    splittable: false,
    signal,
  });
  const [output] = outputs.values();
  if (output === undefined || outputs.size !== 1) {
    throw new KnownError(
      'model_mismatch',
      `Model ${model.name}:${model.version} gave ${outputs.size} outputs; one was expected.`,
    );
  }
  const copy = { shape: output.shape, data: output.data.slice() };
  release?.();
  return copy;
}
