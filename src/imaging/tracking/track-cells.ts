import { KnownError } from '../../errors.ts';
import { type Labels, type NdArray, sharedInt32 } from '../array.ts';
import {
  CellTracker,
  type Comparison,
  type Track,
  type TrackedCells,
  type TrackingOptions,
} from './cell-tracker.ts';
import type { MovieObjects } from './movie-objects.ts';

/** The costly steps of tracking, which run elsewhere. */
export interface TrackingSteps {
  /** Runs the model: float32 `[1, 1, track, cell, (same, different, daughter)]`. */
  readonly compare: (comparison: Comparison) => Promise<NdArray<Float32Array>>;
  /** Solves the assignment problem: `linearSumAssignment`. */
  readonly assign: (costs: NdArray<Float32Array>) => Promise<Int32Array>;
}

export interface Lineage {
  readonly tracks: readonly Track[];
  /** The label of the track of each cell, by frame and slot. */
  readonly labels: readonly (readonly number[])[];
}

/** Links the cells of a movie into tracks. Throws `invalid_job` if a frame has no cells, or there is none before it. */
export async function trackCells(
  cells: TrackedCells,
  options: TrackingOptions,
  { compare, assign }: TrackingSteps,
): Promise<Lineage> {
  const tracker = new CellTracker(cells, options);
  for (let frame = 1; frame < cells.counts.length; frame++) {
    const comparison = tracker.compare(frame);
    if (comparison === undefined) {
      const empty = cells.counts.indexOf(0);
      throw new KnownError(
        'invalid_job',
        `Tracking needs cells in every frame; frame ${empty} has none.`,
      );
    }
    const probabilities = await compare(comparison);
    const columns = await assign(tracker.costs(frame, probabilities));
    tracker.advance(frame, probabilities, columns);
  }
  return { tracks: tracker.tracks(), labels: tracker.labels() };
}

export interface TrackedLabelsInput {
  readonly objects: MovieObjects;
  /** The label of the track of each cell, by frame and slot. */
  readonly labels: readonly (readonly number[])[];
}

/** Replaces the numbers of the objects of a movie by the labels of their tracks: int32 `[frame, row, column, 1]`. */
export function trackedLabels({ objects, labels }: TrackedLabelsInput): Labels {
  const { shape, data } = objects.labels;
  const [firstId = 0] = objects.firstIds;
  const byObject = Int32Array.from(labels.flat());
  const tracked = sharedInt32(data.length);
  for (let i = 0; i < data.length; i++) if (data[i] > 0) tracked[i] = byObject[data[i] - firstId];
  return { shape, data: tracked };
}
