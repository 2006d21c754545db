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

/** What types hold that are narrower than float32; float16 rounds more than this to infinity. */
const RANGES: Readonly<Partial<Record<TensorType, readonly [least: number, greatest: number]>>> = {
  float16: [-65_504, 65_504],
  int8: [-128, 127],
  int16: [-32_768, 32_767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint8: [0, 255],
  uint16: [0, 65_535],
  uint32: [0, 2 ** 32 - 1],
};

/**
 * What each input of a request is sent as: what the model takes. Throws `model_mismatch` for types that are
 * not sent, and for values that the type does not hold: 256 would be 0 as uint8.
 */
export function inputTypes(
  { inputs, model }: Pick<PredictRequest, 'inputs' | 'model'>,
  signature: ModelSignature,
): Map<string, TensorType> {
  const infos = signature.inputs.filter(({ name }) => Object.hasOwn(inputs, name));
  for (const { name, type, typeName } of infos) {
    checkRange(name, type, { inputs, model });
    if (elementBytes(type) !== undefined) continue;
    throw new KnownError(
      'model_mismatch',
      `Input ${name} of ${modelId(model)} has the type ${typeName ?? type}, which cannot hold the numbers of an image.`,
    );
  }
  return new Map(infos.map(({ name, type }) => [name, type]));
}

function checkRange(
  name: string,
  type: TensorType,
  { inputs, model }: Pick<PredictRequest, 'inputs' | 'model'>,
): void {
  const range = RANGES[type];
  if (range === undefined) return;
  const [least, greatest] = range;
  // What is less than 1 beyond is cut off.
  const beyond = inputs[name]?.data.find((value) => value <= least - 1 || value >= greatest + 1);
  if (beyond === undefined) return;
  throw new KnownError(
    'model_mismatch',
    `Input ${name} of ${modelId(model)} takes ${type}, ${least} to ${greatest}, but the image has the ` +
      `value ${beyond}. Serve the model with float32, or give it an image of fewer bits.`,
  );
}
