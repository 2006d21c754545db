import { KnownError } from '../../errors.ts';
import { type Labels, type NdArray, sharedInt32 } from '../array.ts';
import type { AssignmentInput } from './assign-cells.ts';
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
  /** Assigns cells to tracks: `assignCells`. */
  readonly assign: (input: AssignmentInput) => Promise<Int32Array>;
  /** Called after each frame with how many are done. */
  readonly onFrame?: (frames: number) => void;
}

export interface Lineage {
  readonly tracks: readonly Track[];
  /** The label of the track of each cell, by frame and slot. */
  readonly labels: readonly (readonly number[])[];
}

/**
 * Links the cells of a movie into tracks. Throws `invalid_job` if a frame has no cells: the reference fails
 * there too.
 */
export async function trackCells(
  cells: TrackedCells,
  options: TrackingOptions,
  { compare, assign, onFrame }: TrackingSteps,
): Promise<Lineage> {
  const { counts } = cells;
  const tracker = new CellTracker(cells, options);
  const { death, birth } = options;
  for (let frame = 1; frame < counts.length; frame++) {
    if (counts[0] === 0 || counts[frame] === 0) checkCounts(counts);
    const probabilities = await compare(tracker.compare(frame));
    const ended = tracker.ended();
    const columns = await assign({ probabilities, ended, death, birth });
    tracker.advance(frame, probabilities, columns);
    onFrame?.(frame + 1);
  }
  return { tracks: tracker.tracks(), labels: tracker.labels() };
}

/**
 * Throws `nothing_to_track` unless every frame has cells, which can be told before a model is asked. Frames
 * count from 0, as in the names of their files.
 */
export function checkCounts(counts: readonly number[]): void {
  const empty = counts.indexOf(0);
  if (empty < 0 && counts.length > 0) return;
  const message = counts.some((count) => count > 0)
    ? `Tracking needs cells in every frame; frame ${empty} has none.`
    : 'There is nothing to track: no cells were found in any frame.';
  throw new KnownError('nothing_to_track', message);
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
