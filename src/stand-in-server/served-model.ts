import { floatsOf } from '../adapters/model-server/tensors/elements.ts';
import { readTensors, type FoundTensor } from '../adapters/model-server/tensors/read-tensors.ts';
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
  /** The name of its signature, where the protocol has any; `serving_default` if absent. */
  readonly signature?: string;
  /** Whether tensors of other sizes than declared are computed too; a real server refuses them. */
  readonly acceptsAnySize?: boolean;
  /** Gives all outputs for inputs of the shapes declared. */
  predict(inputs: Tensors): Tensors | Promise<Tensors>;
}

/** The tensors of a request; views on its message where they lie well. */
export function tensorsOf(found: readonly FoundTensor[]): Tensors {
  const { outputs } = readTensors(found);
  return new Map(
    Array.from(outputs, ([name, { shape, bytes }]) => [
      name,
      { shape, data: floatsOf('float32', bytes) },
    ]),
  );
}
