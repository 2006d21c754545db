import { KnownError } from '../../../errors.ts';
import type { ModelSignature, TensorInfo, TensorType } from '../../../ports.ts';
import { elementBytes } from '../tensors/elements.ts';

/** By plain string comparison, as the Python consumer takes the outputs of a model. */
export function sortedByName(tensors: readonly TensorInfo[]): TensorInfo[] {
  return tensors.toSorted(({ name: one }, { name: other }) =>
    one < other ? -1 : one > other ? 1 : 0,
  );
}

/** What an input has to be sent as: float32 unless the model says otherwise. */
export function typeOfInput(name: string, signature: ModelSignature | undefined): TensorType {
  const type = signature?.inputs.find((input) => input.name === name)?.type ?? 'float32';
  if (elementBytes(type) === undefined) {
    throw new KnownError(
      'model_mismatch',
      `Input ${name} of the model is of a type that cannot be sent (${type}).`,
    );
  }
  return type;
}
