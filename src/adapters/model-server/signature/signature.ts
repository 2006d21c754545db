import { KnownError } from '../../../errors.ts';
import type { ModelSignature, PredictRequest, TensorInfo, TensorType } from '../../../ports.ts';
import { modelId } from '../model-id.ts';
import { elementBytes } from '../tensors/elements.ts';

/** By plain string comparison, as the Python consumer takes the outputs of a model. */
export function sortedByName(tensors: readonly TensorInfo[]): TensorInfo[] {
  return tensors.toSorted(({ name: one }, { name: other }) =>
    one < other ? -1 : one > other ? 1 : 0,
  );
}

/**
 * What each input of a request is sent as: what the model takes. Throws `model_mismatch` for types that are
 * not sent.
 */
export function inputTypes(
  { inputs, model }: Pick<PredictRequest, 'inputs' | 'model'>,
  signature: ModelSignature,
): Map<string, TensorType> {
  const infos = signature.inputs.filter(({ name }) => Object.hasOwn(inputs, name));
  for (const { name, type, typeName } of infos) {
    if (elementBytes(type) !== undefined) continue;
    throw new KnownError(
      'model_mismatch',
      `Input ${name} of ${modelId(model)} has the type ${typeName ?? type}, which cannot hold the numbers of an image.`,
    );
  }
  return new Map(infos.map(({ name, type }) => [name, type]));
}
