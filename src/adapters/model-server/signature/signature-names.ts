import type { ModelName } from '../../../ports.ts';
import { modelId } from '../model-id.ts';

/** The signature that is used when none is named. */
const DEFAULT = 'serving_default';

/**
 * Tells which signature of a model is used, from words such as `predict`, for all models,
 * `NuclearSegmentation=predict`, for all versions of one, and `NuclearSegmentation:6=predict`.
 */
export function signatureNames(words: readonly string[]): (model: ModelName) => string {
  const byModel = new Map(words.map(splitWord));
  const forAll = byModel.get('') ?? DEFAULT;
  return (model) => byModel.get(modelId(model)) ?? byModel.get(model.name) ?? forAll;
}

function splitWord(word: string): [string, string] {
  const at = word.indexOf('=');
  return at < 0 ? ['', word] : [word.slice(0, at).trim(), word.slice(at + 1).trim()];
}
