import type { NdArray } from '../imaging/array.ts';
import type { TensorInfo } from '../ports.ts';
import type { ServedModel, Tensors } from './served-model.ts';

/** Versions that the settings and the charts of the Kiosk name. */
const VERSIONS = [6, 75];
const FEATURES = 64;
/** Of an embedding: where the cell is, and its area. */
const AREA = 2;
/**
 * Pixels that a cell may move between frames and still look the same, and that daughters are away from their
 * parent.
 */
const STEP = 12;
const DAUGHTER_DISTANCE = 25;
/** A daughter has less than this share of the area of its parent. */
const DAUGHTER_AREA = 0.8;

/** Stand-ins for the models that track cells: they compare places and areas, nothing else. */
export function trackingModels(): ServedModel[] {
  return VERSIONS.flatMap((version) => [encoder(version), comparer(version)]);
}

function encoder(version: number): ServedModel {
  return {
    name: 'NuclearTrackingNE',
    version,
    inputs: [
      floats('encoder_app_input', [-1, -1, -1, -1, 1]),
      floats('encoder_morph_input', [-1, -1, 3]),
      floats('encoder_centroid_input', [-1, -1, 2]),
      floats('encoder_adj_input', [-1, -1, -1]),
    ],
    outputs: [
      floats('encoder_centroid_input', [-1, -1, 2]),
      floats('relu_nef', [-1, -1, FEATURES]),
    ],
    predict: (tensors) => {
      const centroids = tensorOf(tensors, 'encoder_centroid_input');
      const embeddings = embed(centroids, tensorOf(tensors, 'encoder_morph_input'));
      return new Map([
        ['encoder_centroid_input', centroids],
        ['relu_nef', embeddings],
      ]);
    },
  };
}

function comparer(version: number): ServedModel {
  return {
    name: 'NuclearTrackingInf',
    version,
    inputs: [
      floats('current_embeddings', [-1, -1, -1, FEATURES]),
      floats('current_centroids', [-1, -1, -1, 2]),
      floats('future_embeddings', [-1, 1, -1, FEATURES]),
      floats('future_centroids', [-1, 1, -1, 2]),
    ],
    outputs: [floats('softmax', [-1, 1, -1, -1, 3])],
    predict: (tensors) => new Map([['softmax', compare(tensors)]]),
  };
}

function floats(name: string, shape: readonly number[]): TensorInfo {
  return { name, type: 'float32', shape };
}

function tensorOf(tensors: Tensors, name: string): NdArray<Float32Array> {
  const found = tensors.get(name);
  if (found === undefined) throw new RangeError(`The request has no ${name}.`);
  return found;
}

/**
 * `[frame, slot, feature]` of centroids `[frame, slot, 2]` and morphologies `[frame, slot, 3]`, whose first
 * is the area.
 */
function embed(
  centroids: NdArray<Float32Array>,
  morphologies: NdArray<Float32Array>,
): NdArray<Float32Array> {
  const [frames = 0, slots = 0] = centroids.shape;
  const data = new Float32Array(frames * slots * FEATURES);
  for (let cell = 0; cell < frames * slots; cell++) {
    data.set(centroids.data.subarray(2 * cell, 2 * cell + 2), cell * FEATURES);
    data.set(morphologies.data.subarray(3 * cell, 3 * cell + 3), cell * FEATURES + AREA);
  }
  return { shape: [frames, slots, FEATURES], data };
}

/** Same cell, another cell, a daughter: shares that sum to 1, `[1, 1, track, cell, 3]`. */
function compare(tensors: Tensors): NdArray<Float32Array> {
  const [tracks, cells] = [seenIn(tensors, 'current'), seenIn(tensors, 'future')];
  const judged = tracks.flatMap((track) => cells.flatMap((cell) => judge(track, cell)));
  return { shape: [1, 1, tracks.length, cells.length, 3], data: Float32Array.from(judged) };
}

interface Seen {
  readonly row: number;
  readonly column: number;
  readonly area: number;
}

/** The cells of the last frame of a window. */
function seenIn(tensors: Tensors, when: 'current' | 'future'): Seen[] {
  const centroids = tensorOf(tensors, `${when}_centroids`);
  const embeddings = tensorOf(tensors, `${when}_embeddings`);
  const [, steps = 1, cells = 0] = centroids.shape;
  return Array.from({ length: cells }, (_, cell) => {
    const at = (steps - 1) * cells + cell;
    const [row = 0, column = 0] = centroids.data.subarray(2 * at, 2 * at + 2);
    return { row, column, area: embeddings.data[at * FEATURES + AREA] ?? 0 };
  });
}

function judge(track: Seen, cell: Seen): readonly [number, number, number] {
  const distance = Math.hypot(track.row - cell.row, track.column - cell.column);
  const isSmaller = cell.area < DAUGHTER_AREA * track.area;
  if (isSmaller && distance < DAUGHTER_DISTANCE) return [0.02, 0.02, 0.96];
  const same = Math.exp(-((distance / STEP) ** 2));
  return [0.98 * same, 0.99 - 0.98 * same, 0.01];
}
