import { allocateShared } from './shared-memory.ts';

/** Every element type that crosses the formats, the kernels or the wire. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/**
 * A dense array in C order: the last axis varies fastest.
 *
 * @example
 * const points: NdArray<Float64Array> = { shape: [2, 2], data: Float64Array.of(3, 4, 10, 20) };
 */
export interface NdArray<Data extends Numbers = Numbers> {
  readonly shape: readonly number[];
  readonly data: Data;
}

/**
 * An image ready for a model, float32, axes `[batch, row, column, channel]` unless a docstring says
 * otherwise.
 *
 * @example
 * const image: Image = { shape: [1, 64, 64, 1], data: new Float32Array(64 * 64) };
 */
export type Image = NdArray<Float32Array>;

/**
 * A label image, int32, 0 is background, axes `[batch, row, column, channel]` unless a docstring
 * says otherwise.
 *
 * @example
 * const labels: Labels = { shape: [1, 64, 64, 1], data: new Int32Array(64 * 64) };
 */
export type Labels = NdArray<Int32Array>;

/** Number of elements of an array of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, axis) => size * axis, 1);
}

/*
 * Results are allocated in shared memory, so that a worker thread hands them over by reference.
 * Zero-filled.
 */

export function sharedFloat32(length: number): Float32Array {
  return new Float32Array(allocateShared(length * 4));
}

export function sharedFloat64(length: number): Float64Array {
  return new Float64Array(allocateShared(length * 8));
}

export function sharedInt32(length: number): Int32Array {
  return new Int32Array(allocateShared(length * 4));
}

export function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(allocateShared(length));
}
