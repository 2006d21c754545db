import type { NdArray } from '../../src/imaging/array.ts';
import type { Comparison } from '../../src/imaging/tracking/cell-tracker.ts';
import type { FrameTensors } from '../../src/imaging/tracking/frame-tensors.ts';

/*
 * The fake models of the goldens that track cells, with the same arithmetic as those that wrote the goldens.
 */

const FEATURES = 64;
const { fround } = Math;

/** The encoder: embeddings `[frame, slot, 64]` of tensors of any number of frames. */
export function encode(features: FrameTensors): NdArray<Float32Array> {
  const { centroids, morphologies, appearances, adjacency } = features;
  const [frames = 0, slots = 0] = centroids.shape;
  const [, , side = 0, , channels = 1] = appearances.shape;
  const data = new Float32Array(frames * slots * FEATURES);
  for (let cell = 0; cell < frames * slots; cell++) {
    const middle = (cell * side * side + 16 * side + 16) * channels;
    const links = adjacency.data.subarray(cell * slots, (cell + 1) * slots);
    const values = [
      ...centroids.data.subarray(2 * cell, 2 * cell + 2),
      ...morphologies.data.subarray(3 * cell, 3 * cell + 3),
      appearances.data[middle] ?? 0,
      links.filter((link) => link > 0).length,
    ];
    data.set(values, cell * FEATURES);
  }
  return { shape: [frames, slots, FEATURES], data };
}

type Point = readonly [row: number, column: number];

/** What a pair of a track and a cell looks like: same, different, parent and daughter. */
type Judgement = (pair: {
  readonly first: Point;
  readonly last: Point;
  readonly next: Point;
  readonly growth: number;
}) => readonly [number, number, number];

const JUDGEMENTS: Readonly<Record<string, Judgement>> = {
  tracker_const: () => [0.5, 0.25, 0.25],
  tracker: ({ first, last, next, growth }) => {
    const square = (start: number, end: number, place: number): number => {
      const expected = fround(end + fround(fround(end - start) / 8));
      return fround(fround(expected - place) ** 2);
    };
    const down = square(first[0], last[0], next[0]);
    const distance = fround(down + square(first[1], last[1], next[1]));
    const isDaughter = growth < 0.75 && distance < 400;
    const same = isDaughter ? 1 / 128 : fround(1 / fround(1 + fround(distance / 64)));
    const daughter = isDaughter ? fround(0.96875 - fround(distance / 16_384)) : 1 / 128;
    return [same, fround(fround(1 - same) - daughter), daughter];
  },
};

/** The model that compares tracks with cells: `[1, 1, track, cell, 3]`. */
export function compareWith(name: string, comparison: Comparison): NdArray<Float32Array> {
  const judge = JUDGEMENTS[name];
  if (judge === undefined) throw new Error(`There is no fake model ${name}.`);
  const [, steps = 0, tracks = 0] = comparison.currentCentroids.shape;
  const [, , cells = 0] = comparison.futureCentroids.shape;
  const currentPoint = (step: number, track: number): Point =>
    quantised(comparison.currentCentroids, step * tracks + track);
  const judged: number[] = [];
  for (let track = 0; track < tracks; track++) {
    for (let cell = 0; cell < cells; cell++) {
      const before = area(comparison.currentEmbeddings, (steps - 1) * tracks + track);
      judged.push(
        ...judge({
          first: currentPoint(1, track),
          last: currentPoint(7, track),
          next: quantised(comparison.futureCentroids, cell),
          growth: fround(area(comparison.futureEmbeddings, cell) / before),
        }),
      );
    }
  }
  return { shape: [1, 1, tracks, cells, 3], data: Float32Array.from(judged) };
}

function quantised({ data }: NdArray<Float32Array>, cell: number): Point {
  const quarter = (index: number): number => Math.floor((data[index] ?? 0) * 4) / 4;
  return [quarter(2 * cell), quarter(2 * cell + 1)];
}

function area({ data }: NdArray<Float32Array>, cell: number): number {
  return data[cell * FEATURES + 2] ?? 0;
}
