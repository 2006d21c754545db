import type { NdArray } from '../imaging/array.ts';
import type { TensorInfo } from '../ports.ts';

/** Float32 tensors by name, axes `[row, ...]`. */
export type Tensors = ReadonlyMap<string, NdArray<Float32Array>>;

/** A model that the local server serves. */
export interface ServedModel {
  readonly name: string;
  readonly version: number;
  /** What clients are told and held to. Inputs and outputs travel in the types given. */
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Gives all outputs for inputs of the shapes declared. */
  predict(inputs: Tensors): Tensors | Promise<Tensors>;
}
