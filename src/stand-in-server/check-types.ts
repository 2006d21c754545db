import type { FoundTensor } from '../adapters/model-server/tensors/read-tensors.ts';
import { invalid } from './call-failure.ts';
import type { ServedModel } from './served-model.ts';

/** Refuses inputs of another element type than the model takes, as TensorFlow does. */
export function checkTypes(model: ServedModel, tensors: readonly FoundTensor[]): void {
  for (const { name, type } of tensors) {
    const wanted = model.inputs.find((info) => info.name === name)?.type ?? type;
    if (type !== wanted) {
      throw invalid(`Expects input ${name} to be ${wanted} but ${type} is provided`);
    }
  }
}
