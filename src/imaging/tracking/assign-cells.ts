import { KnownError } from '../../errors.ts';
import type { NdArray } from '../array.ts';
import { linearSumAssignment } from './linear-sum-assignment.ts';

export interface TrackCostOptions {
  /** Cost of a track that ends, next to 1 for one that goes on with a cell it does not resemble at all. */
  readonly death: number;
  /** Cost of a cell that belongs to no track. */
  readonly birth: number;
}

/**
 * The costs of giving n tracks m cells, with room for every track to end and every cell to begin a new one:
 * float32 `[n + m, n + m]`, tracks before births, cells before deaths. Jaqaman et al., "Robust
 * single-particle tracking in live-cell time-lapse sequences", Nature Methods 5 (2008).
 *
 * @param unlikeness `[track, cell]`, 0 for the same cell.
 */
export function trackCosts(
  unlikeness: NdArray<Float64Array>,
  { death, birth }: TrackCostOptions,
): NdArray<Float32Array> {
  const [tracks = 0, cells = 0] = unlikeness.shape;
  const size = tracks + cells;
  const data = new Float32Array(size * size).fill(1);
  for (let track = 0; track < tracks; track++) {
    for (let cell = 0; cell < cells; cell++) {
      const cost = unlikeness.data[track * cells + cell];
      data[track * size + cell] = cost;
      data[(tracks + cell) * size + cells + track] = cost;
    }
    data[track * size + cells + track] = death + 1 - 1;
  }
  for (let cell = 0; cell < cells; cell++) data[(tracks + cell) * size + cell] = birth + 1 - 1;
  return { shape: [size, size], data };
}

export interface AssignmentInput extends TrackCostOptions {
  /** What the model makes of a comparison: float32 `[1, 1, track, cell, (same, different, daughter)]`. */
  readonly probabilities: NdArray<Float32Array>;
  /** 1 for tracks that have divided: they are like no cell. */
  readonly ended: Uint8Array;
}

/**
 * Assigns the cells of a frame to tracks: the column of each row of `trackCosts`. Throws `model_mismatch` if
 * the model gave another shape or values that are not finite.
 */
export function assignCells(input: AssignmentInput): Int32Array {
  return linearSumAssignment(assignmentCosts(input));
}

/** The costs of an assignment by what a model makes of the pairs. */
export function assignmentCosts(input: AssignmentInput): NdArray<Float32Array> {
  const { ended, probabilities } = input;
  const [, , tracks = 0, cells = 0] = probabilities.shape;
  checkProbabilities(probabilities, ended.length);
  const unlikeness = new Float64Array(tracks * cells).fill(1);
  for (let track = 0; track < tracks; track++) {
    if (ended[track] === 1) continue;
    for (let i = track * cells; i < (track + 1) * cells; i++) {
      unlikeness[i] = 1 - probabilities.data[3 * i];
    }
  }
  return trackCosts({ shape: [tracks, cells], data: unlikeness }, input);
}

function checkProbabilities({ shape, data }: NdArray<Float32Array>, tracks: number): void {
  const [batch, time, found, cells = 0, kinds] = shape;
  const fits = batch === 1 && time === 1 && found === tracks && kinds === 3 && shape.length === 5;
  if (fits && data.length === tracks * cells * 3 && data.every(Number.isFinite)) return;
  const what = fits ? 'values that are no numbers' : `an output of shape ${shape.join(' × ')}`;
  throw new KnownError(
    'model_mismatch',
    `The tracking model gave ${what}; finite numbers of shape 1 × 1 × ${tracks} × cells × 3 are needed.`,
  );
}
